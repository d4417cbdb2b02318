internal import AsyncHTTPClient
internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import NIOHTTP1
internal import SafeText
internal import ServiceKit
internal import WireProtocol

/// Calls the gateway with this server's key, on behalf of clients without a key.
struct GatewayClient: Sendable {
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
            path = "/gateway/\(QueryString.encode(name))/invocations"
        }

        /// In bytes; the gateway limits names to 200.
        private static let maximumNameLength = 1000
    }

    private let settings: GatewaySettings
    private let redaction: Redaction

    private static let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)

    /// Redirects aren't followed, because only the gateway may receive the key.
    private static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(10), read: .seconds(660)))
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

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
            throw failure(error)
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
            throw failure(error)
        }
        return Response(status: status, contentType: response.headers.first(name: "Content-Type") ?? "", body: collected)
    }

    private func failure(_ error: any Error) -> ServiceError {
        if error is CancellationError || Task.isCancelled { return ServiceError(.cancelled, "The client disconnected.") }
        switch error as? HTTPClientError {
        case .deadlineExceeded?, .readTimeout?:
            return ServiceError(.deadlineExceeded, "The gateway didn't respond in time.", cause: error)
        default:
            return .unavailable(
                "The gateway at \(settings.url) can't be reached. Check that it is running, and check the tracking service's "
                    + "--gateway-uri.",
                cause: error)
        }
    }

    // MARK: Errors

    /// The message of a gateway's error in readable form, or advice if the key was rejected.
    func errorMessage(of response: Response) -> String {
        if response.status == 401 { return keyProblem }
        let json = response.json
        // The error forms of FastAPI, which MLflow's gateway and ours use, of OpenAI, and of MLflow.
        let detail = json["detail"]?["message"] ?? json["detail"] ?? json["error"]?["message"] ?? json["message"]
        switch detail {
        case .string(let text)?: return redaction.redacted(error: text)
        case .some(let value) where value != .null: return redaction.redacted(error: value).jsonString
        default:
            return redaction.redacted(error: String(decoding: response.body.readableBytesView, as: UTF8.self))
        }
    }

    /// The error for a client of this server whose call failed because the gateway doesn't accept this server's key.
    var keyRejected: ServiceError { ServiceError(.temporarilyUnavailable, ErrorMessage(keyProblem)) }

    private var keyProblem: String {
        guard settings.key == nil else {
            return "The gateway doesn't accept the key of the tracking service, which may have expired or been revoked. Set another one "
                + "with UNLADEN_GATEWAY_KEY or --gateway-key-file, and restart the tracking service."
        }
        return "The gateway needs a key, and the tracking service has none. Create one with `unladen gateway keys create --name ui`, "
            + "set it with UNLADEN_GATEWAY_KEY or --gateway-key-file, and restart the tracking service."
    }

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
