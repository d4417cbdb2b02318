internal import AdapterHost
internal import GatewayFormats
internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import ServiceKit
internal import WireProtocol

/// OpenAI's API, with a route's name as the model, and Anthropic's Messages API.
struct OpenAIRoutes: Sendable {
    let handler: InferenceHandler

    func register(on routes: APIRoutes) {
        let openAI = routes.group(errors: .openAI)
        add("chat/completions", .chat, .chat, to: openAI)
        add("completions", .completions, .completions, to: openAI)
        add("embeddings", .embeddings, .embeddings, to: openAI)
        add("responses", .responses, .chat, to: openAI)
        openAI.at(.get, "/v1/models", requires: .read(.gatewayRoute)) { request, context in try await models(request, context) }
        openAI.at(.get, "/v1/models/{name}", requires: .read(.gatewayRoute), execution: .onEventLoop) { request, context in
            let caller = try await handler.caller(request, context)
            let route = try handler.route(context.pathParameter("name"), caller, in: handler.routing.current)
            return .json(Self.model(route))
        }
        addMessages(to: routes.group(errors: .anthropic))
    }

    private func add(_ path: String, _ task: AdapterTask, _ routeTask: RouteTask, to routes: APIRoutes) {
        let errorFormat = routes.errorFormat
        routes.at(.post, "/v1/\(path)", requires: .use(.gatewayRoute), execution: .onEventLoop) { request, context in
            let caller = try await handler.caller(request, context)
            return try await handler.withBody(of: request, context) { body in
                let name = try Self.model(body.object)
                try OpenAIRequestValidator.validate(body.object, for: OpenAITask(rawValue: task.rawValue) ?? .chat)
                return try await handler.respond(name, caller, body, errors: errorFormat, request, context) { route in
                    try Self.validate(route, routeTask)
                    return .openAI(task)
                }
            }
        }
    }

    private func addMessages(to routes: APIRoutes) {
        let errorFormat = routes.errorFormat
        routes.at(.post, "/v1/messages", requires: .use(.gatewayRoute), execution: .onEventLoop) { request, context in
            let caller = try await handler.caller(request, context)
            return try await handler.withBody(of: request, context) { body in
                let name = try Self.model(body.object)
                return try await handler.respond(name, caller, body, errors: errorFormat, request, context) { route in
                    try Self.validate(route, .chat)
                    return .messages
                }
            }
        }
    }

    private static func model(_ request: JSONObject) throws -> String {
        guard let name = request["model"]?.stringValue, !name.isEmpty else {
            throw ServiceError.invalidParameter("'model' must be the name of a route of this gateway.", parameter: "model")
        }
        return name
    }

    private static func validate(_ route: Route, _ task: RouteTask) throws {
        guard route.task == task else {
            let article = task == .embeddings ? "an" : "a"
            throw ServiceError.invalidParameter(
                "Endpoint '\(route.name)' is not \(article) \(task.shortName) endpoint.", parameter: "model")
        }
    }

    private func models(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
        let caller = try await handler.caller(request, context)
        let models = handler.routing.current.routes.filter { caller.mayUse($0.name) }.map(Self.model)
        return .json(["object": "list", "data": .array(models)] as JSONValue)
    }

    private static func model(_ route: Route) -> JSONValue {
        let owners = Set(route.destinations.map(\.target.provider)).sorted().joined(separator: ", ")
        return ["id": .string(route.name), "object": "model", "created": 0, "owned_by": .string(owners)]
    }
}

extension RouteTask {
    /// The name in error messages.
    var shortName: String {
        switch self {
        case .chat: "chat"
        case .completions: "completions"
        case .embeddings: "embeddings"
        }
    }
}
