internal import AsyncHTTPClient
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import ServiceKit
internal import WireProtocol

/// `/gateway/…`, where MLflow's server has its AI gateway: the playground, and the code that the endpoints' pages show, call it here.
/// Each path stands for one of the gateway's own.
///
/// Source: `mlflow/server/gateway_api.py` of MLflow 3.17.
struct GatewayInvocationRoutes: Sendable {
    /// `nil` without a gateway.
    let gateway: GatewayClient?

    /// The client's headers that the gateway knows.
    private static let requestHeaders = ["accept", "anthropic-beta", "anthropic-version", "openai-beta"]
    /// The gateway's headers that say how to read a response, or when to ask again.
    private static let responseHeaders = ["content-type", "cache-control", "x-accel-buffering", "retry-after", "cache-status"]

    func register(on routes: APIRoutes) {
        let targets: [(path: String, target: GatewayClient.Target)] = [
            ("mlflow/v1/chat/completions", .init("/v1/chat/completions")), ("openai/v1/chat/completions", .init("/v1/chat/completions")),
            ("openai/v1/embeddings", .init("/v1/embeddings")), ("openai/v1/responses", .init("/v1/responses")),
            ("anthropic/v1/messages", .init("/v1/messages")),
        ]
        for (path, target) in targets {
            routes.at(.post, "/gateway/\(path)") { request, context in await answer(.POST, request, context) { target } }
        }
        routes.at(.post, "/gateway/{name}/mlflow/invocations") { request, context in
            await answer(.POST, request, context) { GatewayClient.Target(invocationsOf: context.pathParameter("name")) }
        }
        routes.at(.get, "/gateway/mlflow/v1/models") { request, context in
            await answer(.GET, request, context) { GatewayClient.Target("/v1/models") }
        }
    }

    /// The gateway's response, or an error in FastAPI's form, which is what clients of these paths read.
    private func answer(
        _ method: HTTPMethod, _ request: Request, _ context: ServiceContext, _ target: @Sendable () -> GatewayClient.Target?
    ) async -> Response {
        do {
            guard let gateway else { throw GatewayCatalog.missing }
            guard let target = target() else { throw ServiceError(.notFound, "Not Found") }
            return try await forward(method, target, request, gateway, context)
        } catch {
            let shown: (status: Int, message: String)
            if let error = error as? any HTTPResponseError {
                shown = (error.status.code, error.status.reasonPhrase)
            } else {
                let error = ServiceError(error)
                shown = (error.code.httpStatus, error.message)
            }
            context.logger.info(
                "gateway call failed",
                metadata: ["request_id": "\(context.requestID)", "path": "\(request.uri.path)", "error": "\(shown.message)"])
            return .json(["detail": .string(shown.message)] as JSONValue, status: .init(code: shown.status))
        }
    }

    private func forward(
        _ method: HTTPMethod, _ target: GatewayClient.Target, _ request: Request, _ gateway: GatewayClient, _ context: ServiceContext
    ) async throws -> Response {
        var body: ByteBuffer?
        if method == .POST {
            guard request.headers.declaresJSON else {
                throw ServiceError.invalidParameter("Bad Request. Content-Type must be one of ['application/json'].")
            }
            body = try await request.collectBody(in: context)
        }
        var headers = HTTPHeaders()
        for name in Self.requestHeaders {
            if let field = HTTPField.Name(name), let value = request.headers[field] { headers.add(name: name, value: value) }
        }
        let content = body
        let outgoing = headers
        let opened = try await whileClientWaits(context) {
            let response = try await gateway.open(method, target, body: content, headers: outgoing, context)
            let isStream = response.headers.first(name: "Content-Type")?.lowercased().hasPrefix("text/event-stream") ?? false
            // A stream passes as it comes; anything else is collected, so that an error can be read.
            return response.status == .ok && isStream
                ? Opened(response: response, answer: nil) : Opened(response: response, answer: try await gateway.collect(response, context))
        }
        var fields = HTTPFields()
        for name in Self.responseHeaders {
            if let field = HTTPField.Name(name), let value = opened.response.headers.first(name: name) { fields[field] = value }
        }
        let status = HTTPResponse.Status(code: Int(opened.response.status.code))
        guard let answer = opened.answer else {
            let body = ClientBoundBody(body: opened.response.body, context: context)
            return Response(status: status, headers: fields, body: ResponseBody(asyncSequence: body))
        }
        guard answer.status != 200 else { return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: answer.body)) }
        // What is missing is the server's key, and no client of ours can send one.
        let shown = answer.status == 401 ? HTTPResponse.Status.serviceUnavailable : status
        return Response(status: shown, headers: fields, body: ResponseBody(byteBuffer: gateway.redacted(answer)))
    }

    /// A response whose head has come; with its body unless it is a stream.
    private struct Opened: Sendable {
        var response: HTTPClientResponse
        var answer: GatewayClient.Answer?
    }
}
