internal import AsyncHTTPClient
internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import ServiceKit
internal import WireProtocol

/// `/gateway/…`, the paths of the AI gateway on MLflow's server. The playground and the sample code on endpoint pages call them.
/// Each path maps to one of the gateway's own. Errors have FastAPI's format, which the clients of these paths expect.
///
/// Source: `mlflow/server/gateway_api.py` of MLflow 3.17.
struct GatewayInvocationRoutes: Sendable {
    /// `nil` if no gateway is configured.
    let gateway: GatewayInvocationProxy?

    /// The request headers that are passed to the gateway.
    private static let requestHeaders = ["accept", "anthropic-beta", "anthropic-version", "openai-beta"]
    /// The response headers that describe the body or when to retry.
    private static let responseHeaders = ["content-type", "cache-control", "x-accel-buffering", "retry-after", "cache-status"]

    func register(on routes: APIRoutes) {
        let routes = routes.group(errors: .fastAPI)
        let targets: [(path: String, target: GatewayInvocationProxy.Target)] = [
            ("mlflow/v1/chat/completions", .init("/v1/chat/completions")), ("openai/v1/chat/completions", .init("/v1/chat/completions")),
            ("openai/v1/embeddings", .init("/v1/embeddings")), ("openai/v1/responses", .init("/v1/responses")),
            ("anthropic/v1/messages", .init("/v1/messages")),
        ]
        for (path, target) in targets {
            routes.at(.post, "/gateway/\(path)", requires: .use(.gatewayRoute), execution: .onEventLoop) { request, context in
                try await respond(.POST, request, context, target)
            }
        }
        routes.at(
            .post, "/gateway/{name}/mlflow/invocations", requires: .use(.gatewayRoute), execution: .onEventLoop
        ) { request, context in
            try await respond(.POST, request, context, GatewayInvocationProxy.Target(invocationsOf: context.pathParameter("name")))
        }
        routes.at(.get, "/gateway/mlflow/v1/models", requires: .read(.gatewayRoute)) { request, context in
            try await respond(.GET, request, context, GatewayInvocationProxy.Target("/v1/models"))
        }
    }

    private func respond(
        _ method: HTTPMethod, _ request: Request, _ context: ServiceRequestContext, _ target: GatewayInvocationProxy.Target?
    ) async throws -> Response {
        guard let gateway else { throw ServiceError.gatewayNotConfigured }
        guard let target else { throw ServiceError(.notFound, "Not Found") }
        return try await forward(method, target, request, gateway, context)
    }

    private func forward(
        _ method: HTTPMethod, _ target: GatewayInvocationProxy.Target, _ request: Request, _ gateway: GatewayInvocationProxy,
        _ context: ServiceRequestContext
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
        let started = try await withCancellationOnDisconnect(context) {
            let response = try await gateway.open(method, target, body: content, headers: outgoing, context)
            let isStream = response.headers.first(name: "Content-Type")?.lowercased().hasPrefix("text/event-stream") ?? false
            // A stream is passed through; any other body is collected so that errors can be redacted.
            return response.status == .ok && isStream
                ? StartedResponse(response: response, collected: nil)
                : StartedResponse(response: response, collected: try await gateway.collect(response, context))
        }
        var fields = HTTPFields()
        for name in Self.responseHeaders {
            if let field = HTTPField.Name(name), let value = started.response.headers.first(name: name) { fields[field] = value }
        }
        let status = HTTPResponse.Status(code: Int(started.response.status.code))
        guard let collected = started.collected else {
            let body = ClientBoundBody(body: started.response.body, context: context)
            return Response(status: status, headers: fields, body: ResponseBody(asyncSequence: body))
        }
        guard collected.status != 200 else {
            return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: collected.body))
        }
        // Only this server's key can be missing, and clients can't send one.
        guard collected.status != 401 else { throw gateway.keyRejected }
        let error = await offEventLoop { gateway.redacted(collected) }
        return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: error))
    }

    /// A response whose head has arrived. The body has been collected unless the response is a stream.
    private struct StartedResponse: Sendable {
        var response: HTTPClientResponse
        var collected: GatewayInvocationProxy.Response?
    }
}
