internal import AsyncHTTPClient
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import NIOHTTP1
internal import SafeText
internal import ServiceKit
internal import WireProtocol

/// Calls the gateway with this server's key, on behalf of clients that have none.
struct GatewayClient: Sendable {
    /// A whole response.
    struct Answer: Sendable {
        var status: Int
        var contentType: String
        var body: ByteBuffer

        /// The body as JSON; `null` if it isn't JSON.
        var json: JSONValue { (try? JSONValue(parsing: body.readableBytesView)) ?? .null }
    }

    /// Where a call of the gateway goes: one of the paths that it has for callers, and nothing else.
    struct Target: Sendable {
        let path: String

        /// - Parameter path: one of ours, without anything from a request.
        init(_ path: StaticString) { self.path = "\(path)" }

        /// The invocations of an endpoint; `nil` for a name that no endpoint can have.
        init?(invocationsOf name: String) {
            let isPath = name.isEmpty || name == "." || name == ".." || name.contains { "/\\".contains($0) }
            let isPrintable = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
            guard !isPath, isPrintable, name.utf8.count <= Self.longestName else { return nil }
            path = "/gateway/\(QueryString.encode(name))/invocations"
        }

        /// In bytes; the gateway's names have 200 at most.
        private static let longestName = 1000
    }

    private let settings: GatewaySettings
    private let redaction: Redaction

    private static let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)

    /// The key goes to the gateway alone, so redirects aren't followed.
    private static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(10), read: .seconds(660)))
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// A little longer than the gateway's own limit for a request, so that its error arrives.
    private static let timeout: TimeAmount = .seconds(660)
    /// For what the gateway answers from memory.
    static let shortTimeout: TimeAmount = .seconds(30)
    /// Bytes of a response that is collected.
    private static let answerLimit = 32 << 20
    /// Bytes of an error.
    private static let errorLimit = 1 << 20

    init(_ settings: GatewaySettings) {
        self.settings = settings
        var redaction = Redaction.standard
        if let key = settings.key { redaction.add(secrets: [key]) }
        self.redaction = redaction
    }

    // MARK: Calls

    /// Calls the gateway and collects its response. The call ends when the client goes away.
    ///
    /// - Parameter body: JSON.
    /// - Throws: `ServiceError` when the gateway can't be reached or its response is too long.
    func call(
        _ method: HTTPMethod, _ target: Target, body: ByteBuffer? = nil, timeout: TimeAmount = Self.timeout, _ context: ServiceContext
    ) async throws -> Answer {
        try await whileClientWaits(context) {
            let response = try await open(method, target, body: body, headers: [:], timeout: timeout, context)
            return try await collect(response, context)
        }
    }

    /// Calls the gateway; the response's body is still to be read.
    func open(
        _ method: HTTPMethod, _ target: Target, body: ByteBuffer?, headers: HTTPHeaders, timeout: TimeAmount = Self.timeout,
        _ context: ServiceContext
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: settings.url + target.path)
        request.method = method
        request.headers = headers
        request.headers.replaceOrAdd(name: "X-Request-Id", value: context.requestID)
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

    /// The whole of a response.
    func collect(_ response: HTTPClientResponse, _ context: ServiceContext) async throws -> Answer {
        let status = Int(response.status.code)
        let limit = status == 200 ? Self.answerLimit : Self.errorLimit
        var collected = ByteBuffer()
        do {
            for try await part in response.body {
                guard collected.readableBytes + part.readableBytes <= limit else {
                    throw ServiceError(.internalError, "The gateway's response has more than \(limit) bytes.")
                }
                try context.memory?.reserve(part.readableBytes)
                collected.writeImmutableBuffer(part)
            }
        } catch let error as ServiceError {
            throw error
        } catch {
            throw failure(error)
        }
        return Answer(status: status, contentType: response.headers.first(name: "Content-Type") ?? "", body: collected)
    }

    private func failure(_ error: any Error) -> ServiceError {
        if error is CancellationError || Task.isCancelled { return ServiceError(.cancelled, "The client has gone.") }
        switch error as? HTTPClientError {
        case .deadlineExceeded?, .readTimeout?:
            return ServiceError(.deadlineExceeded, "The gateway didn't answer in time.", cause: error)
        default:
            return .unavailable(
                "The gateway at \(settings.url) can't be reached. Check that it runs, and --gateway-uri of the tracking service.",
                cause: error)
        }
    }

    // MARK: Errors

    /// What an error of the gateway's means to a person: the text of its message, or what to do about the key.
    func explanation(of answer: Answer) -> String {
        if answer.status == 401 { return keyProblem }
        let json = answer.json
        // FastAPI's form, in which MLflow's gateway and ours answer; OpenAI's; and MLflow's own.
        let told = json["detail"]?["message"] ?? json["detail"] ?? json["error"]?["message"] ?? json["message"]
        switch told {
        case .string(let text)?: return redaction.redacted(error: text)
        case .some(let value) where value != .null: return redaction.redacted(error: value).jsonText
        default:
            return redaction.redacted(error: String(decoding: answer.body.readableBytesView, as: UTF8.self))
        }
    }

    private var keyProblem: String {
        guard settings.key == nil else {
            return "The gateway doesn't accept the key of the tracking service, which may have expired or been revoked. Set another one "
                + "with UNLADEN_GATEWAY_KEY or --gateway-key-file, and restart the tracking service."
        }
        return "The gateway needs a key, and the tracking service has none. Create one with `unladen gateway keys create --name ui`, "
            + "set it with UNLADEN_GATEWAY_KEY or --gateway-key-file, and restart the tracking service."
    }

    /// An error's body with everything secret removed.
    func redacted(_ answer: Answer) -> ByteBuffer {
        if answer.status == 401 { return ByteBuffer(bytes: (["detail": .string(keyProblem)] as JSONValue).jsonBytes()) }
        let json = answer.json
        guard json != .null else {
            let text = String(decoding: answer.body.readableBytesView, as: UTF8.self)
            return ByteBuffer(string: redaction.redacted(error: text))
        }
        let redacted = redaction.redacted(error: json)
        return redacted == json ? answer.body : ByteBuffer(bytes: redacted.jsonBytes())
    }
}
