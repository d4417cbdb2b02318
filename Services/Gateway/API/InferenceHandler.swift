internal import AdapterHost
internal import GatewayFormats
internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ServiceKit
internal import Synchronization
internal import WireProtocol

/// Handles what all inference APIs have in common: authentication, reading the request body, and sending the response.
struct InferenceHandler: Sendable {
    /// Client headers that are forwarded to providers.
    private static let forwardedHeaders = ["anthropic-beta", "anthropic-version", "openai-beta"].compactMap { name in
        HTTPField.Name(name).map { (name: name, field: $0) }
    }

    let routing: RoutingConfigurationWatcher
    let keyCache: APIKeyCache
    let pipeline: InferencePipeline
    let time: TimeSource
    /// Whether only clients on this machine can connect.
    let isLocal: Bool

    // MARK: Authentication

    /// Authenticates the caller of a request.
    ///
    /// - Throws: `ServiceError`, status 401, if a valid key is required and missing.
    func caller(_ request: Request, _ context: ServiceRequestContext) async throws -> Caller {
        let address = context.connection?.clientAddress ?? "unknown"
        let table = routing.current
        guard table.needsKeys(keyCache) else {
            // The last key may have been removed from the configuration since startup.
            guard isLocal || table.requireKeys == false else { throw ServiceError.invalidAPIKey }
            return Caller(address: address)
        }
        guard let key = Self.key(in: request.headers) else { throw ServiceError.invalidAPIKey }
        return try await keyCache.caller(key: key, address: address, configuredKeys: table.keys)
    }

    /// The API key of a request, in any of the headers that OpenAI's, Anthropic's and Azure's clients use.
    static func key(in headers: HTTPFields) -> String? {
        if let value = headers.value(of: .authorization), let key = bearerToken(in: value) { return key }
        return headers[.xAPIKey] ?? headers[.azureAPIKey]
    }

    /// The token in `Bearer TOKEN`; `nil` for another scheme.
    private static func bearerToken(in value: String) -> String? {
        var value = value
        return value.withUTF8 { bytes in
            let scheme: StaticString = "bearer "
            guard bytes.count > scheme.utf8CodeUnitCount else { return nil }
            // The scheme is case-insensitive (RFC 9110, section 11.1); setting bit 0x20 lowercases ASCII letters.
            for index in 0..<scheme.utf8CodeUnitCount where bytes[index] | 0x20 != scheme.utf8Start[index] { return nil }
            let token = bytes[scheme.utf8CodeUnitCount...].drop { $0 == UInt8(ascii: " ") }
            return token.isEmpty ? nil : String(decoding: token, as: UTF8.self)
        }
    }

    // MARK: Request body

    /// The body of a request: the raw bytes and the parsed JSON object.
    typealias Body = (bytes: [UInt8], object: JSONObject)

    /// Reads the body of a request and passes it to a handler. Bodies larger than `largeBodyThreshold` are handled off the event loop.
    ///
    /// - Throws: `ServiceError` for a body that is too large or not a JSON object, or if no memory is available.
    func withBody<Result: Sendable>(
        of request: Request, _ context: ServiceRequestContext, _ handler: @Sendable (Body) async throws -> Result
    ) async throws -> Result {
        guard request.headers.declaresJSON else {
            throw ServiceError.unsupportedMediaType
        }
        let buffer: ByteBuffer
        do {
            buffer = try await request.collectBody(in: context)
        } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
            throw ServiceError.requestTooLarge(limit: context.maxUploadSize)
        } catch let error as any HTTPResponseError where error.status == .requestTimeout {
            throw ServiceError.requestTimeout
        }
        let limits = context.limits.json
        guard buffer.readableBytes > largeBodyThreshold else {
            try context.reserve(forValuesIn: buffer.readableBytesView)
            let bytes = Array(buffer.readableBytesView)
            return try await handler((bytes, try Self.object(bytes, limits)))
        }
        let collected = CollectedBody(consume buffer)
        return try await offEventLoop {
            let bytes = try collected.takeBytes(reservingIn: context)
            return try await handler((bytes, try Self.object(bytes, limits)))
        }
    }

    private static func object(_ bytes: [UInt8], _ limits: JSONLimits) throws -> JSONObject {
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONValue(parsing: bytes, limits: limits)
        } catch {
            guard error.limit == nil else { throw ServiceError.invalidParameter("The request's body exceeds a limit: \(error).") }
            throw ServiceError.invalidParameter("The request's body is not valid JSON: \(error)")
        }
        guard let object = value.objectValue else { throw ServiceError.invalidParameter("The request's body must be a JSON object.") }
        return object
    }

    /// The route with the given name.
    ///
    /// - Throws: `ServiceError`, status 404, if there is no such route or the caller may not use it.
    func route(_ name: String, _ caller: Caller, in table: RouteTable) throws -> Route {
        // The error doesn't reveal whether a route exists that the key can't access.
        guard let route = table[name], caller.mayUse(name) else { throw ServiceError.unknownRoute(name) }
        return route
    }

    // MARK: Responses

    /// Runs the request and returns the response, which may be a stream.
    func respond(
        _ name: String, _ caller: Caller, _ body: Body, errors errorFormat: ErrorFormat, _ request: Request,
        _ context: ServiceRequestContext, dialect: (Route) throws -> APIDialect
    ) async throws -> Response {
        let table = routing.current
        let route = try route(name, caller, in: table)
        let dialect = try dialect(route)
        let streams = dialect.canStream && body.object["stream"] == .bool(true)
        let headers = Self.forwardedHeaders.compactMap { known in
            request.headers[known.field].map { (name: known.name, value: $0) }
        }
        let inference = InferenceRequest(
            route: route, caller: caller, dialect: dialect, streams: streams, body: body.bytes, json: body.object, headers: headers,
            requestID: context.requestID, span: context.traceContext.map { RequestSpan(pipeline.random, parent: $0) }, time: time.now(),
            memory: context.memory)
        let cancellation = CancellationHandle()
        context.connection?.observe { cancellation.cancel() }
        defer { context.connection?.stopObserving() }
        switch try await pipeline.run(inference, table: table, cancellation: cancellation) {
        case .response(let bytes, let isCached):
            var response = Response(
                status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
            if inference.route.policy.cacheLifetime != nil {
                response.headers[.cacheStatus] = isCached ? "unladen; hit" : "unladen; fwd=miss"
            }
            return response
        case .stream(let stream, let meter):
            let sseWriter = SSEResponseWriter(
                stream: stream, meter: meter, translator: dialect.translator(of: stream.task, for: inference), errorFormat: errorFormat,
                cancellation: cancellation, endsWithDone: stream.task == .chat || stream.task == .completions)
            return Response(
                status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache", .accelBuffering: "no"],
                body: ResponseBody { writer in
                    try await sseWriter.run(context)
                    try await writer.finish(nil)
                })
        }
    }
}

/// Holds the body of a request until its bytes are copied, so that the buffer is freed right after the copy.
private final class CollectedBody: Sendable {
    private let buffer: Mutex<ByteBuffer>

    init(_ buffer: ByteBuffer) { self.buffer = Mutex(buffer) }

    /// Returns the bytes and reserves memory for everything that is built from them. A second call returns no bytes.
    ///
    /// - Throws: `ServiceError` if no memory is available.
    func takeBytes(reservingIn context: ServiceRequestContext) throws -> [UInt8] {
        try buffer.withLock { buffer in
            defer { buffer = ByteBuffer() }
            try context.reserve(forValuesIn: buffer.readableBytesView)
            // The adapter parses the request again, writes the provider's request, and passes on a copy of it.
            try context.memory?.reserve(3 * buffer.readableBytes)
            return Array(buffer.readableBytesView)
        }
    }
}

extension APIDialect {
    /// Whether responses can be streamed. MLflow 2.5 doesn't support streaming, and embeddings are a single response.
    var canStream: Bool {
        switch self {
        case .openAI(let task): task != .embeddings
        case .messages: true
        case .mlflow25: false
        }
    }
}

extension HTTPField.Name {
    // The names are valid tokens, so the fallbacks are never used; they avoid force unwrapping, since a service must not trap.
    static let xAPIKey = HTTPField.Name("x-api-key") ?? .via
    static let azureAPIKey = HTTPField.Name("api-key") ?? .via
    static let cacheStatus = HTTPField.Name("Cache-Status") ?? .via
    static let accelBuffering = HTTPField.Name("X-Accel-Buffering") ?? .via
}
