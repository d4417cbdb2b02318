internal import AdapterHost
internal import GatewayFormats
internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import ServiceKit
internal import WireProtocol

/// The three generations of MLflow's gateway API: routes (2.5), endpoints (2.9 and later) and the 3.0 paths.
///
/// Source: `mlflow/gateway/app.py` of MLflow 2.5 and 3.17.
struct MLflowRoutes: Sendable {
    let handler: InferenceHandler

    /// The number of entries per page, as in MLflow.
    private static let pageSize = 3000

    func register(on routes: APIRoutes) {
        let routes = routes.group(errors: .fastAPI)
        list("/api/2.0/gateway/routes", "routes", on: routes, Self.route25)
        list("/api/2.0/endpoints", "endpoints", on: routes, Self.endpoint)
        get("/api/2.0/gateway/routes/{name}", "route", on: routes) { $0.isSplit ? nil : Self.route25($0) }
        get("/api/2.0/endpoints/{name}", "endpoint", on: routes) { $0.isSplit ? nil : Self.endpoint($0) }
        get("/api/3.0/gateway/endpoint/{name}", "endpoint", on: routes) { $0.isSplit ? nil : Self.endpoint($0) }
        get("/api/3.0/gateway/route/{name}", "route", on: routes) { $0.isSplit ? Self.split($0) : nil }
        for path in ["/api/2.0/endpoints/limits", "/api/2.0/gateway/limits"] {
            for method in [HTTPRequest.Method.get, .post] {
                let requirement = method == .get ? AccessRequirement.read(.gatewayRoute) : .admin
                routes.at(method, method == .get ? path + "/{name}" : path, requires: requirement, execution: .onEventLoop) { _, _ in
                    // MLflow returns 501 too; limits are set in the configuration.
                    throw ServiceError(.notImplemented, "Limits are set in the configuration file.")
                }
            }
        }
        let errorFormat = routes.errorFormat
        for prefix in ["/gateway", "/endpoints"] {
            let path = "\(prefix)/{name}/invocations"
            routes.at(.post, path, requires: .use(.gatewayRoute), execution: .onEventLoop) { request, context in
                try await invoke(request, context, errors: errorFormat)
            }
        }
    }

    // MARK: Invocations

    private func invoke(
        _ request: Request, _ context: ServiceRequestContext, errors errorFormat: ErrorFormat
    ) async throws -> Response {
        let caller = try await handler.caller(request, context)
        let name = context.pathParameter("name")
        guard let route = handler.routing.current[name], caller.mayUse(name) else {
            throw ServiceError(.notFound, "Not Found")
        }
        return try await handler.withBody(of: request, context) { body in
            try await handler.respond(route.name, caller, body, errors: errorFormat, request, context) { route in
                try dialect(route, body.object)
            }
        }
    }

    private func dialect(_ route: Route, _ body: JSONObject) throws -> APIDialect {
        if route.generation == .routes25 {
            let type = MLflow25RouteType(rawValue: route.task.rawValue) ?? .chat
            return .mlflow25(try MLflow25Request(.object(body), for: type), type)
        }
        let task = route.task.adapterTask
        // The path determines the model.
        guard body["model"] == nil || body["model"] == .null else {
            throw ServiceError(
                .invalidParameterValue,
                "The parameter 'model' is not permitted to be passed. The route being queried already defines a model instance.",
                status: 422)
        }
        do {
            try OpenAIRequestValidator.validate(body, for: OpenAITask(rawValue: task.rawValue) ?? .chat)
        } catch {
            throw error.serviceError(status: 422)
        }
        return .openAI(task)
    }

    // MARK: Descriptions

    private func list(_ path: String, _ member: String, on routes: APIRoutes, _ describe: @escaping @Sendable (Route) -> JSONValue) {
        routes.at(.get, path, requires: .read(.gatewayRoute)) { request, context in
            let caller = try await handler.caller(request, context)
            let all = handler.routing.current.routes.filter { caller.mayUse($0.name) && !$0.isSplit }
            let start = try Self.start(request)
            let page = all.dropFirst(start).prefix(Self.pageSize)
            let next = start + page.count
            let token: JSONValue = next < all.count ? .string(GatewayPageToken.encode(next)) : .null
            return .json(JSONValue.object([member: .array(page.map(describe)), "next_page_token": token]))
        }
    }

    private static func start(_ request: Request) throws -> Int {
        let token = try QueryString.pairs(of: request.uri.query ?? "").first { $0.name == "page_token" }?.value
        guard let token, !token.isEmpty else { return 0 }
        guard let index = GatewayPageToken.decode(token) else {
            throw ServiceError.invalidParameter("Invalid page token: \(token.prefix(100)).")
        }
        return index
    }

    private func get(
        _ path: String, _ what: String, on routes: APIRoutes, _ describe: @escaping @Sendable (Route) -> JSONValue?
    ) {
        routes.at(.get, path, requires: .read(.gatewayRoute), execution: .onEventLoop) { request, context in
            let caller = try await handler.caller(request, context)
            let name = context.pathParameter("name")
            guard let route = handler.routing.current[name], caller.mayUse(name), let description = describe(route) else {
                throw ServiceError.doesNotExist(
                    "The \(what) '\(name)' is not present or active on the server. Please verify the \(what) name.")
            }
            return .json(description)
        }
    }

    private static func model(_ route: Route) -> JSONValue {
        guard let target = route.destinations.first?.target else { return .null }
        return ["name": .string(target.model), "provider": .string(target.provider)]
    }

    private static func route25(_ route: Route) -> JSONValue {
        [
            "name": .string(route.name), "route_type": .string(route.task.rawValue), "model": model(route),
            "route_url": .string("/gateway/\(route.name)/invocations"), "limit": route.limit ?? .null,
        ]
    }

    private static func endpoint(_ route: Route) -> JSONValue {
        [
            "name": .string(route.name), "endpoint_type": .string(route.task.rawValue), "model": model(route),
            "endpoint_url": .string("/gateway/\(route.name)/invocations"), "limit": route.limit ?? .null,
        ]
    }

    private static func split(_ route: Route) -> JSONValue {
        let destinations = route.destinations.map { destination -> JSONValue in
            ["name": .string(destination.target.name), "traffic_percentage": .integer(destination.weight)]
        }
        return [
            "name": .string(route.name), "task_type": .string(route.task.rawValue), "destinations": .array(destinations),
            "routing_strategy": .string(route.strategy.rawValue),
        ]
    }
}
