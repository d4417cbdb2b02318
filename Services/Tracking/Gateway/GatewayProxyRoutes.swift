internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import MLflowAPI
internal import NIOCore
internal import NIOHTTP1
internal import Primitives
internal import ServiceKit
internal import WireProtocol

/// `gateway-proxy`, which prompt engineering in MLflow's UI uses to list the gateway's endpoints and to try prompts.
///
/// Source: `gateway_proxy_handler` in `mlflow/server/handlers.py` of MLflow 3.17.
struct GatewayProxyRoutes: Sendable {
    /// `nil` if no gateway is configured.
    let gateway: GatewayInvocationProxy?

    func register(on routes: APIRoutes) {
        routes.raw(.get, "2.0/mlflow/gateway-proxy", requires: .read(.gatewayRoute), forward)
        routes.raw(.post, "2.0/mlflow/gateway-proxy", requires: .use(.gatewayRoute), forward)
    }

    private func forward(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
        // The same response as from a gateway without endpoints.
        guard let gateway else { return .json(["endpoints": []] as JSONValue) }
        let response: GatewayInvocationProxy.Response
        if request.method == .get {
            let fields = try await MessageFields.read(from: request, context: context)
            let path = try Self.path(fields)
            guard Self.stripped(path) == "api/2.0/endpoints" else { throw Self.invalid(path, "GET") }
            response = try await gateway.call(.GET, .init("/api/2.0/endpoints"), timeout: GatewayInvocationProxy.shortTimeout, context)
        } else {
            let (target, body) = try await Self.invocation(request, context)
            response = try await gateway.call(.POST, target, body: body, context)
        }
        guard response.status == 200 else {
            // Like MLflow, responds with 500 whatever the gateway's status: the UI would retry a 429, at the user's expense.
            throw ServiceError(
                .internalError,
                "Deployments proxy request failed with error code \(response.status)."
                    + " Error message: \(gateway.errorMessage(of: response))")
        }
        guard response.contentType.lowercased().hasPrefix("application/json") else {
            throw ServiceError(
                .internalError, "The server at the gateway's address is not a gateway. Check --gateway-uri of the tracking service.")
        }
        return Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: response.body))
    }

    /// The maximum size of a request body, in bytes; prompts are written by people.
    private static let bodyLimit = 4 << 20

    /// Decodes which endpoint to call, and the data to send.
    private static func invocation(
        _ request: Request, _ context: ServiceRequestContext
    ) async throws -> (GatewayInvocationProxy.Target, ByteBuffer) {
        guard request.headers.declaresJSON else {
            throw ServiceError.invalidParameter("Bad Request. Content-Type must be one of ['application/json'].")
        }
        let collected: ByteBuffer
        do {
            collected = try await request.collectBody(in: context, upTo: bodyLimit)
        } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
            throw ServiceError.invalidParameter("The request body exceeds \(bodyLimit) bytes.")
        }
        let content = collected
        return try await offEventLoop {
            try context.reserve(forValuesIn: content.readableBytesView)
            let fields = try MessageFields(body: content.readableBytesView, limits: context.limits.json)
            let path = try Self.path(fields)
            guard let name = endpoint(in: path), let target = GatewayInvocationProxy.Target(invocationsOf: name) else {
                throw invalid(path, "POST")
            }
            return (target, try body(try fields.value("json_data") ?? [:]))
        }
    }

    private static func path(_ fields: MessageFields) throws -> String {
        guard let path = try fields.string("gateway_path"), !path.isEmpty else {
            throw ServiceError.invalidParameter("Deployments proxy request must specify a gateway_path.")
        }
        return path
    }

    /// The body for the gateway, without `stream`, because this route doesn't support streaming.
    private static func body(_ value: JSONValue) throws -> ByteBuffer {
        guard case .object(var object) = value else { throw ServiceError.invalidParameter("json_data must be a JSON object.") }
        if object["stream"] != nil { object["stream"] = nil }
        return ByteBuffer(bytes: JSONValue.object(object).jsonBytes())
    }

    /// The decoded NAME in `gateway/NAME/invocations`; `nil` for any other path.
    static func endpoint(in path: String) -> String? {
        let segments = stripped(path).split(separator: "/", omittingEmptySubsequences: false)
        guard segments.count == 3, segments[0] == "gateway", segments[2] == "invocations" else { return nil }
        return PercentEncoding.decode(segments[1])
    }

    private static func stripped(_ path: String) -> Substring {
        var path = path[...]
        while path.hasPrefix("/") { path.removeFirst() }
        while path.hasSuffix("/") { path.removeLast() }
        return path
    }

    private static func invalid(_ path: String, _ method: String) -> ServiceError {
        .invalidParameter("Invalid gateway_path: \(path) for method: \(method)")
    }
}
