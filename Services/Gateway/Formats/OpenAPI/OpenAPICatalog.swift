internal import JSON

/// The operations that list endpoints and routes, in each generation of MLflow's API.
enum OpenAPICatalog {
    static func operations(_ endpoints: [OpenAPIEndpoint]) -> [OpenAPIOperation] {
        let name = endpoints.first?.name ?? "NAME"
        return [
            list("/api/2.0/gateway/routes/", id: "searchRoutes", "List routes, as in MLflow 2.5", "Routes"),
            get("/api/2.0/gateway/routes/{name}", id: "getRoute", "Get a route, as in MLflow 2.5", "Route", name),
            list("/api/2.0/endpoints/", id: "listEndpoints", "List endpoints", "Endpoints"),
            get("/api/2.0/endpoints/{name}", id: "getEndpoint", "Get an endpoint", "Endpoint", name),
            get("/api/3.0/gateway/endpoint/{name}", id: "getGatewayEndpoint", "Get an endpoint, as in MLflow 3", "Endpoint", name),
            get("/api/3.0/gateway/route/{name}", id: "getGatewayRoute", "Get a route and its destinations", "TrafficRoute", name),
        ]
    }

    private static func list(_ path: String, id: String, _ summary: String, _ schema: String) -> OpenAPIOperation {
        OpenAPIOperation(
            method: "get", path: path, id: id, tag: .catalog, summary: summary,
            parameters: [OpenAPIOperation.parameter("page_token", in: "query", "The `next_page_token` of the previous page.")],
            response: OpenAPIResponse(description: "A page of at most 3,000.", schema: schema), error: .fastAPI)
    }

    private static func get(_ path: String, id: String, _ summary: String, _ schema: String, _ name: String) -> OpenAPIOperation {
        OpenAPIOperation(
            method: "get", path: path, id: id, tag: .catalog, summary: summary,
            parameters: [OpenAPIOperation.parameter("name", "The name of the endpoint or route.", example: name)],
            response: OpenAPIResponse(description: "The configuration of the endpoint or route.", schema: schema), error: .fastAPI)
    }
}
