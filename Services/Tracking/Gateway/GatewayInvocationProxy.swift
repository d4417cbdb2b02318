internal import AsyncHTTPClient
internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import NIOHTTP1
internal import Primitives
internal import SafeText
internal import ServiceClient
internal import ServiceKit
internal import WireProtocol

/// Forwards invocations to the gateway with this server's key, on behalf of clients without a key. Responses are passed on as they are,
/// also as streams, and a call is cancelled when its client disconnects.
struct GatewayInvocationProxy: Sendable {
    /// A response whose body has been collected.
    struct Response: Sendable {
        var status: Int
        var contentType: String
        var body: ByteBuffer

        /// The body as JSON; `null` if it isn't JSON.
        var json: JSONValue { (try? JSONValue(parsing: body.readableBytesView)) ?? .null }
    }

    /// The target of a call: one of the gateway's public paths.
    struct Target: Sendable {
        let path: String

        /// - Parameter path: a constant path, without any part of a request.
        init(_ path: StaticString) { self.path = "\(path)" }

        /// The invocations of an endpoint; `nil` if the name can't be an endpoint's.
        init?(invocationsOf name: String) {
            let isPath = name.isEmpty || name == "." || name == ".." || name.contains { "/\\".contains($0) }
            let isPrintable = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
            guard !isPath, isPrintable, name.utf8.count <= Self.maximumNameLength else { return nil }
            path = "/gateway/\(PercentEncoding.encode(name))/invocations"
        }

        /// In bytes; the gateway limits names to 200.
        private static let maximumNameLength = 1000
    }

    private let settings: GatewaySettings
    private let redaction: Redaction

    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: .service(connectTimeout: .seconds(10), readTimeout: timeout))

    /// Slightly longer than the gateway's own request timeout, so that its error arrives.
    private static let timeout: TimeAmount = .seconds(660)
    /// The timeout for calls that the gateway serves from memory.
    static let shortTimeout: TimeAmount = .seconds(30)
    /// The maximum size of a collected response, in bytes.
    private static let responseLimit = 32 << 20
    /// The maximum size of an error, in bytes.
    private static let errorLimit = 1 << 20

    init(_ settings: GatewaySettings) {
        self.settings = settings
        var redaction = Redaction.standard
        if let key = settings.key { redaction.add(secrets: [key]) }
        self.redaction = redaction
    }

    // MARK: Calls

    /// Calls the gateway and collects its response. The call is cancelled if the client disconnects.
    ///
    /// - Parameter body: JSON.
    /// - Throws: `ServiceError` if the gateway can't be reached or its response is too long.
    func call(
        _ method: HTTPMethod, _ target: Target, body: ByteBuffer? = nil, timeout: TimeAmount = Self.timeout,
        _ context: ServiceRequestContext
    ) async throws -> Response {
        try await withCancellationOnDisconnect(context) {
            let response = try await open(method, target, body: body, headers: [:], timeout: timeout, context)
            return try await collect(response, context)
        }
    }

    /// Calls the gateway and returns the response before its body has been read.
    func open(
        _ method: HTTPMethod, _ target: Target, body: ByteBuffer?, headers: HTTPHeaders, timeout: TimeAmount = Self.timeout,
        _ context: ServiceRequestContext
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: settings.url + target.path)
        request.method = method
        request.headers = headers
        request.headers.replaceOrAdd(name: "X-Request-Id", value: context.requestID)
        for (name, value) in context.traceHeaders { request.headers.replaceOrAdd(name: name, value: value) }
        request.headers.replaceOrAdd(name: "Accept-Encoding", value: "identity")
        if let key = settings.key { request.headers.replaceOrAdd(name: "Authorization", value: "Bearer \(key)") }
        if let body {
            request.headers.replaceOrAdd(name: "Content-Type", value: "application/json")
            request.body = .bytes(body)
        }
        do {
            return try await Self.client.execute(request, timeout: timeout)
        } catch {
            throw settings.failure(error)
        }
    }

    /// Collects the body of a response.
    func collect(_ response: HTTPClientResponse, _ context: ServiceRequestContext) async throws -> Response {
        let status = Int(response.status.code)
        let limit = status == 200 ? Self.responseLimit : Self.errorLimit
        var collected = ByteBuffer()
        do {
            for try await part in response.body {
                guard collected.readableBytes + part.readableBytes <= limit else {
                    throw ServiceError(.internalError, "The gateway's response exceeds \(limit) bytes.")
                }
                try context.memory?.reserve(part.readableBytes)
                collected.writeImmutableBuffer(part)
            }
        } catch let error as ServiceError {
            throw error
        } catch {
            throw settings.failure(error)
        }
        return Response(status: status, contentType: response.headers.first(name: "Content-Type") ?? "", body: collected)
    }

    // MARK: Errors

    /// The message of a gateway's error in readable form, or advice if the key was rejected.
    func errorMessage(of response: Response) -> String {
        if response.status == 401 { return settings.keyProblem }
        let json = response.json
        // Other gateways may return MLflow's format.
        switch ErrorFormat.message(in: json) ?? json["message"] {
        case .string(let text)?: return redaction.redacted(error: text)
        case .some(let value) where value != .null: return redaction.redacted(error: value).jsonString
        default:
            return redaction.redacted(error: String(decoding: response.body.readableBytesView, as: UTF8.self))
        }
    }

    /// The error for a client of this server whose call failed because the gateway doesn't accept this server's key.
    var keyRejected: ServiceError { ServiceError(.temporarilyUnavailable, ErrorMessage(settings.keyProblem)) }

    /// The body of an error with all secrets redacted.
    func redacted(_ response: Response) -> ByteBuffer {
        let json = response.json
        guard json != .null else {
            let text = String(decoding: response.body.readableBytesView, as: UTF8.self)
            return ByteBuffer(string: redaction.redacted(error: text))
        }
        let redacted = redaction.redacted(error: json)
        return redacted == json ? response.body : ByteBuffer(bytes: redacted.jsonBytes())
    }
}
