internal import AdapterHost
internal import GatewayFormats
internal import HTTPTypes
internal import Hummingbird
internal import ServiceKit
internal import WireProtocol

/// OpenAI's API, with a route's name as the model, and Anthropic's Messages API.
struct OpenAIRoutes: Sendable {
    let handler: InferenceHandler

    func register(on routes: APIRoutes) {
        add("chat/completions", .chat, .chat, to: routes)
        add("completions", .completions, .completions, to: routes)
        add("embeddings", .embeddings, .embeddings, to: routes)
        add("responses", .responses, .chat, to: routes)
        routes.at(
            .post, "/v1/messages",
            handler.respondingToErrors(in: .anthropic) { request, context in
                let caller = try await handler.caller(request, context)
                return try await handler.withBody(of: request, context) { body in
                    try await handler.respond(try Self.model(body.object), caller, body, .anthropic, request, context) { route in
                        try Self.validate(route, .chat)
                        return .messages
                    }
                }
            })
        routes.at(.get, "/v1/models", handler.respondingToErrors(in: .openAI, models))
        routes.at(
            .get, "/v1/models/{name}",
            handler.respondingToErrors(in: .openAI) { request, context in
                let caller = try await handler.caller(request, context)
                let route = try handler.route(context.pathParameter("name"), caller, in: handler.routing.current)
                return .json(Self.model(route))
            })
    }

    private func add(_ path: String, _ task: AdapterTask, _ routeTask: RouteTask, to routes: APIRoutes) {
        routes.at(
            .post, "/v1/\(path)",
            handler.respondingToErrors(in: .openAI) { request, context in
                let caller = try await handler.caller(request, context)
                return try await handler.withBody(of: request, context) { body in
                    let name = try Self.model(body.object)
                    try OpenAIRequestValidator.validate(body.object, for: OpenAITask(rawValue: task.rawValue) ?? .chat)
                    return try await handler.respond(name, caller, body, .openAI, request, context) { route in
                        try Self.validate(route, routeTask)
                        return .openAI(task)
                    }
                }
            })
    }

    private static func model(_ request: JSONObject) throws -> String {
        guard let name = request["model"]?.stringValue, !name.isEmpty else {
            throw GatewayError.invalid("'model' must be the name of a route of this gateway.", param: "model")
        }
        return name
    }

    private static func validate(_ route: Route, _ task: RouteTask) throws {
        guard route.task == task else {
            let article = task == .embeddings ? "an" : "a"
            throw GatewayError.invalid("Endpoint '\(route.name)' is not \(article) \(task.shortName) endpoint.", param: "model")
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
