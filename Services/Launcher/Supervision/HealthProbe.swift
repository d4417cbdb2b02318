package import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import WireProtocol

/// Checks the readiness of services over HTTP.
package struct HealthProbe: Sendable {
    /// The result of a readiness check.
    package enum Readiness: Sendable, Equatable {
        case ready
        /// The service isn't ready, with the reason.
        case notReady(String)
    }

    private static let timeout = TimeAmount.seconds(2)
    private static let maxBodyBytes = 64 * 1024

    private let client: HTTPClient

    package init(client: HTTPClient = .shared) {
        self.client = client
    }

    /// The readiness of the service at `url`, from `/readyz`.
    package func readiness(of url: String) async -> Readiness {
        do {
            let (status, body) = try await get(url + "/readyz")
            return status == .ok ? .ready : .notReady(Self.failedChecks(body) ?? "/readyz returned \(status.code)")
        } catch {
            return .notReady("no response from \(url) (\(error))")
        }
    }

    /// The version of the service at `url`, from `/version`; `nil` when it doesn't respond.
    package func version(of url: String) async -> String? {
        guard let (status, body) = try? await get(url + "/version"), status == .ok else { return nil }
        return body
    }

    private func get(_ url: String) async throws -> (HTTPResponseStatus, String) {
        var request = HTTPClientRequest(url: url)
        // An open connection would delay the shutdown of the service.
        request.headers.add(name: "Connection", value: "close")
        let response = try await client.execute(request, timeout: Self.timeout)
        let body = try await response.body.collect(upTo: Self.maxBodyBytes)
        return (response.status, String(buffer: body))
    }

    /// A description of the checks in `/readyz` whose status isn't `ok`; `nil` if there are none.
    private static func failedChecks(_ body: String) -> String? {
        guard let checks = (try? JSONValue(parsing: body))?["checks"]?.objectValue?.members else { return nil }
        let failed = checks.filter { $0.value.stringValue != "ok" }
        guard !failed.isEmpty else { return nil }
        return failed.map { "\($0.name) is \($0.value.stringValue ?? "unknown")" }.joined(separator: ", ")
    }
}
