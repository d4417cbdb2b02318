internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
package import WireProtocol

/// Another of our services, as seen by the one that calls it: sends JSON, reads JSON, and makes every failure a
/// `ServiceError` that can be shown to one's own caller.
package final class JSONServiceClient: Sendable {
    /// Bytes that a response may have.
    private static let maxResponseBytes = 64 << 20

    /// What messages call the service: "tracking".
    package let name: String
    private let address: ServiceAddress
    private let client: HTTPClient
    private let timeout: TimeAmount
    private let token: String?

    /// - Parameters:
    ///   - timeout: how long a call may take, from its start to the last byte of the response.
    ///   - token: for `Authorization: Bearer`.
    package init(name: String, address: ServiceAddress, timeout: Duration = .seconds(10), token: String? = nil) {
        self.name = name
        self.address = address
        self.token = token
        self.timeout = TimeAmount(timeout)
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow, timeout: .init(connect: .seconds(2), read: self.timeout))
        // A service that is down is to be reported at once: the caller decides when to try again.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Ends all connections. Nothing can be sent afterwards.
    package func close() async {
        // There is nothing left to do when it fails: the process ends.
        try? await client.shutdown()
    }

    /// Sends a request that does no harm when it arrives twice, and returns the JSON of the response.
    ///
    /// - Parameter segments: the path's parts, not percent-encoded.
    /// - Throws: the service's own `ServiceError`; `TEMPORARILY_UNAVAILABLE` when it can't be reached or doesn't answer in time.
    package func send(
        _ method: Method, _ segments: [String], query: [(name: String, value: String)] = [], body: JSONValue? = nil
    ) async throws -> JSONValue {
        try await response(to: request(method, address.url(segments, query: query), json: body?.jsonBytes())).content()
    }

    /// Posts JSON that does no harm when it arrives twice; what a successful response says doesn't matter.
    ///
    /// - Throws: as `send`.
    package func deliver(_ segments: [String], headers: [(name: String, value: String)], json: [UInt8]) async throws {
        var request = request(.post, address.url(segments, query: []), json: json)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        try await response(to: request).requireSuccess()
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

    private func response(to request: HTTPClientRequest) async throws -> ServiceResponse {
        do {
            do {
                return try await exchange(request)
            } catch let error as HTTPClientError where error == .remoteConnectionClosed {
                // The service closed an idle connection just when it was to be used.
                return try await exchange(request)
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            throw ServiceError.unavailable("The \(name) service is not available at the moment. Please try again.", cause: error)
        }
    }

    private func exchange(_ request: HTTPClientRequest) async throws -> ServiceResponse {
        let response = try await client.execute(request, timeout: timeout)
        return ServiceResponse(
            status: Int(response.status.code), body: try await response.body.collect(upTo: Self.maxResponseBytes), service: name)
    }
}
