internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
package import WireProtocol

/// Another of our services, as seen by the one that calls it: sends JSON, reads JSON, and makes every failure a
/// `ServiceError` that can be shown to one's own caller.
package final class ServicePeer: Sendable {
    /// Bytes that an answer may have.
    private static let answerLimit = 64 << 20

    /// What messages call the service: "tracking".
    package let name: String
    private let address: ServiceAddress
    private let client: HTTPClient
    private let timeLimit: TimeAmount
    private let token: String?

    /// - Parameters:
    ///   - timeLimit: how long a call may take, from its start to the last byte of the answer.
    ///   - token: for `Authorization: Bearer`.
    package init(name: String, address: ServiceAddress, timeLimit: Duration = .seconds(10), token: String? = nil) {
        self.name = name
        self.address = address
        self.token = token
        self.timeLimit = TimeAmount(timeLimit)
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow, timeout: .init(connect: .seconds(2), read: self.timeLimit))
        // A service that is down is to be reported at once: the caller decides when to try again.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Ends all connections. Nothing can be sent afterwards.
    package func close() async {
        // There is nothing left to do when it fails: the process ends.
        try? await client.shutdown()
    }

    /// Sends a request that does no harm when it arrives twice, and returns the JSON of the answer.
    ///
    /// - Parameter segments: the path's parts, not percent-encoded.
    /// - Throws: the peer's own `ServiceError`; `TEMPORARILY_UNAVAILABLE` when it can't be reached or doesn't answer in time.
    package func send(
        _ method: Method, _ segments: [String], query: [(name: String, value: String)] = [], body: JSONValue? = nil
    ) async throws -> JSONValue {
        try await answer(to: request(method, address.url(segments, query: query), json: body?.jsonBytes())).content()
    }

    /// Posts JSON that does no harm when it arrives twice; what a successful answer says doesn't matter.
    ///
    /// - Throws: as `send`.
    package func deliver(_ segments: [String], headers: [(name: String, value: String)], json: [UInt8]) async throws {
        var request = request(.post, address.url(segments, query: []), json: json)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        try await answer(to: request).requireSuccess()
    }

    private func request(_ method: Method, _ url: String, json: [UInt8]?) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method.rawValue)
        request.headers.add(name: "Accept", value: "application/json")
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let json {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: json))
        }
        return request
    }

    /// Methods whose requests may arrive twice.
    package enum Method: String, Sendable {
        case get = "GET"
        case put = "PUT"
        case post = "POST"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    private func answer(to request: HTTPClientRequest) async throws -> ServiceAnswer {
        do {
            do {
                return try await exchange(request)
            } catch let error as HTTPClientError where error == .remoteConnectionClosed {
                // The peer closed an idle connection just when it was to be used.
                return try await exchange(request)
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            throw ServiceError.unavailable("The \(name) service is not available at the moment. Please try again.", cause: error)
        }
    }

    private func exchange(_ request: HTTPClientRequest) async throws -> ServiceAnswer {
        let response = try await client.execute(request, timeout: timeLimit)
        return ServiceAnswer(
            status: Int(response.status.code), body: try await response.body.collect(upTo: Self.answerLimit), peer: name)
    }
}
