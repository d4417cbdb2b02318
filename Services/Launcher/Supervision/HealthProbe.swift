package import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import WireProtocol

/// Asks services whether they are ready, over HTTP.
package struct HealthProbe: Sendable {
    package enum Readiness: Sendable, Equatable {
        case ready
        /// Why not, in words.
        case notReady(String)
    }

    private static let timeout = TimeAmount.seconds(2)
    private static let maxBodyBytes = 64 * 1024

    private let client: HTTPClient

    package init(client: HTTPClient = .shared) {
        self.client = client
    }

    /// What `/readyz` says of the service at `url`.
    package func readiness(of url: String) async -> Readiness {
        do {
            let (status, body) = try await get(url + "/readyz")
            return status == .ok ? .ready : .notReady(Self.failedChecks(body) ?? "/readyz answers \(status.code)")
        } catch {
            return .notReady("no answer from \(url) (\(error))")
        }
    }

    /// The version that the service at `url` gives, `nil` when it doesn't answer.
    package func version(of url: String) async -> String? {
        guard let (status, body) = try? await get(url + "/version"), status == .ok else { return nil }
        return body
    }

    private func get(_ url: String) async throws -> (HTTPResponseStatus, String) {
        var request = HTTPClientRequest(url: url)
        // An open connection would have to be waited for when the service stops.
        request.headers.add(name: "Connection", value: "close")
        let response = try await client.execute(request, timeout: Self.timeout)
        let body = try await response.body.collect(upTo: Self.maxBodyBytes)
        return (response.status, String(buffer: body))
    }

    /// The checks that `/readyz` lists with another state than `ok`, in words.
    private static func failedChecks(_ body: String) -> String? {
        guard let checks = (try? JSONValue(parsing: body))?["checks"]?.objectValue?.members else { return nil }
        let failed = checks.filter { $0.value.stringValue != "ok" }
        guard !failed.isEmpty else { return nil }
        return failed.map { "\($0.name) is \($0.value.stringValue ?? "unknown")" }.joined(separator: ", ")
    }
}
