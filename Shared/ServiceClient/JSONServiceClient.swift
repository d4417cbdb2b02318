internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import SafeText
package import WireProtocol

/// A JSON client for another Unladen service. Turns every failure into a `ServiceError` that is safe to show to the caller's own client.
package final class JSONServiceClient: Sendable {
    /// The maximum size of a response, in bytes.
    private static let maxResponseBytes = 64 << 20

    /// The service's name in error messages, such as "tracking".
    package let name: String
    private let address: ServiceAddress
    private let client: HTTPClient
    private let timeout: TimeAmount
    private let token: String?
    private let redaction: Redaction
    private let reserve: ReserveMemory

    /// Reserves a number of bytes for a response and the values parsed from it, or throws a `ServiceError`.
    package typealias ReserveMemory = @Sendable (_ bytes: Int) throws -> Void

    /// - Parameters:
    ///   - name: the service's name in error messages.
    ///   - timeout: the maximum duration of a call, from its start to the last byte of the response.
    ///   - token: the bearer token to send in `Authorization`.
    ///   - reserve: called in the task of each call.
    package init(
        name: String, address: ServiceAddress, timeout: Duration = .seconds(10), token: String? = nil,
        reserve: @escaping ReserveMemory = { _ in }
    ) {
        self.name = name
        self.address = address
        self.token = token
        self.reserve = reserve
        self.timeout = TimeAmount(timeout)
        var redaction = Redaction.standard
        if let token { redaction.add(secrets: [token]) }
        self.redaction = redaction
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .service(readTimeout: self.timeout))
    }

    deinit {
        let client = client
        // A client that was closed stays closed.
        Task { try? await client.shutdown() }
    }

    /// Closes all connections. The client can't be used afterwards.
    package func close() async {
        // A failure doesn't matter: the process is about to exit.
        try? await client.shutdown()
    }

    /// Sends a request and returns the JSON of the response. Every request but a `POST` may be sent twice, as it is if the service closes
    /// the connection at the same moment.
    ///
    /// - Parameters:
    ///   - segments: the path segments, not percent-encoded.
    ///   - headers: additional headers.
    ///   - timeout: the maximum duration of this call, if it differs from the client's.
    /// - Throws: the service's own `ServiceError`; `TEMPORARILY_UNAVAILABLE` when the service can't be reached or doesn't respond in time;
    ///   the error of `reserve`. The cause of an error is `nil` if the service described it, `UnexpectedResponse` if the response isn't
    ///   JSON or describes no error, and otherwise the reason why there is no response.
    package func send(
        _ method: Method, _ segments: [String], query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: (any JSONWritable)? = nil, timeout: Duration? = nil
    ) async throws -> JSONValue {
        let request = request(method, address.url(segments, query: query), headers, json: body?.jsonBytes())
        return try await response(to: request, timeout: timeout.map(TimeAmount.init), isIdempotent: method != .post).content()
    }

    /// The error for a response that isn't the expected message.
    package func invalid(_ error: MessageError) -> ServiceError {
        ServiceError(.internalError, "The \(name) service returned an invalid response.", cause: error)
    }

    /// Posts JSON in an idempotent request and ignores the body of a successful response.
    ///
    /// - Throws: the same errors as `send`.
    package func deliver(_ segments: [String], headers: [(name: String, value: String)], json: [UInt8]) async throws {
        let request = request(.post, address.url(segments, query: []), headers, json: json)
        try await response(to: request, isIdempotent: true).requireSuccess()
    }

    private func request(
        _ method: Method, _ url: String, _ headers: [(name: String, value: String)], json: [UInt8]?
    ) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method.rawValue)
        request.headers.add(name: "Accept", value: "application/json")
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let json {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: json))
        }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        return request
    }

    /// The HTTP methods of `send`.
    package enum Method: String, Sendable {
        case get = "GET"
        case put = "PUT"
        case post = "POST"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    private func response(
        to request: HTTPClientRequest, timeout: TimeAmount? = nil, isIdempotent: Bool
    ) async throws -> ServiceResponse {
        do {
            do {
                return try await exchange(request, timeout)
            } catch let error as HTTPClientError where error == .remoteConnectionClosed && isIdempotent {
                // The service closed an idle connection just as the request was sent on it.
                return try await exchange(request, timeout)
            }
        } catch let error as CancellationError {
            throw error
        } catch let error as ServiceError {
            // No memory is left for the response.
            throw error
        } catch {
            throw ServiceError.unavailable("The \(name) service is temporarily unavailable. Please try again.", cause: error)
        }
    }

    private func exchange(_ request: HTTPClientRequest, _ timeout: TimeAmount?) async throws -> ServiceResponse {
        let response = try await client.execute(request, timeout: timeout ?? self.timeout)
        var body = ByteBuffer()
        for try await part in response.body {
            guard body.readableBytes + part.readableBytes <= Self.maxResponseBytes else {
                throw NIOTooManyBytesError(maxBytes: Self.maxResponseBytes)
            }
            try reserve(part.readableBytes)
            body.writeImmutableBuffer(part)
        }
        return ServiceResponse(
            status: Int(response.status.code), body: body, service: name, redaction: redaction, reserve: reserve)
    }
}
