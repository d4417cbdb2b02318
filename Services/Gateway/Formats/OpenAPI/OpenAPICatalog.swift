internal import JSON

/// What is configured, in the forms of MLflow's generations.
enum OpenAPICatalog {
    static func operations(_ endpoints: [OpenAPIEndpoint]) -> [OpenAPIOperation] {
        let name = endpoints.first?.name ?? "NAME"
        return [
            list("/api/2.0/gateway/routes/", id: "searchRoutes", "All routes, as MLflow 2.5 tells them", "Routes"),
            get("/api/2.0/gateway/routes/{name}", id: "getRoute", "One route, as MLflow 2.5 tells it", "Route", name),
            list("/api/2.0/endpoints/", id: "listEndpoints", "All endpoints", "Endpoints"),
            get("/api/2.0/endpoints/{name}", id: "getEndpoint", "One endpoint", "Endpoint", name),
            get("/api/3.0/gateway/endpoint/{name}", id: "getGatewayEndpoint", "One endpoint, as in MLflow 3", "Endpoint", name),
            get("/api/3.0/gateway/route/{name}", id: "getGatewayRoute", "A route and its destinations", "TrafficRoute", name),
        ]
    }

    private static func list(_ path: String, id: String, _ summary: String, _ schema: String) -> OpenAPIOperation {
        OpenAPIOperation(
            method: "get", path: path, id: id, tag: .catalog, summary: summary,
            parameters: [OpenAPIOperation.parameter("page_token", in: "query", "The `next_page_token` of the page before.")],
            response: OpenAPIResponse(description: "A page of 3000 at most.", schema: schema), error: .mlflow)
    }

    private static func get(_ path: String, id: String, _ summary: String, _ schema: String, _ name: String) -> OpenAPIOperation {
        OpenAPIOperation(
            method: "get", path: path, id: id, tag: .catalog, summary: summary,
            parameters: [OpenAPIOperation.parameter("name", "Its name.", example: name)],
            response: OpenAPIResponse(description: "What is configured.", schema: schema), error: .mlflow)
    }
}
