internal import JSON

/// Keys, usage and what is loaded.
enum OpenAPIAdministration {
    static func operations(_ endpoints: [OpenAPIEndpoint]) -> [OpenAPIOperation] {
        let route = JSONValue.string(endpoints.first?.name ?? "NAME")
        let key: JSONValue = ["name": "notebook", "team": "research", "routes": [route], "expires": "90d"]
        return [
            operation(
                "get", "keys", id: "listKeys", "Keys", OpenAPIResponse(description: "All keys, the newest first.", schema: "Keys")),
            operation(
                "post", "keys", id: "createKey", "Make a key",
                OpenAPIResponse(status: 201, description: "The key, which is kept as a hash only.", schema: "NewKey"),
                body: OpenAPIBody(schema: "KeyRequest", examples: [("a key", key)])),
            operation(
                "delete", "keys/{id}", id: "revokeKey", "Revoke a key",
                OpenAPIResponse(description: "It opens nothing from now on."),
                parameters: [OpenAPIOperation.parameter("id", "The key's id; not the key.")]),
            operation(
                "get", "usage", id: "getUsage", "Usage and cost",
                OpenAPIResponse(description: "Sums of requests.", schema: "UsageReport"),
                parameters: [
                    OpenAPIOperation.parameter(
                        "by", in: "query",
                        "What a row is for: any of `team`, `key`, `route`, `provider`, `model`, `status`, `day`, `hour`.",
                        example: "team,model"),
                    OpenAPIOperation.parameter("last", in: "query", "How far back: `24h`, `7d`.", example: "7d"),
                    OpenAPIOperation.parameter("from", in: "query", "A day or a moment in ISO 8601, instead of `last`."),
                    OpenAPIOperation.parameter("to", in: "query", "A day or a moment in ISO 8601; now, if it isn't given."),
                ]),
            operation(
                "get", "limits", id: "getLimits", "Limits and budgets",
                OpenAPIResponse(description: "How much of each is used.", schema: "Limits")),
            operation(
                "get", "adapters", id: "listAdapters", "Adapters of providers",
                OpenAPIResponse(description: "What is loaded, and what was refused.", schema: "Adapters")),
        ]
    }

    private static func operation(
        _ method: String, _ path: String, id: String, _ summary: String, _ response: OpenAPIResponse, parameters: [JSONValue] = [],
        body: OpenAPIBody? = nil
    ) -> OpenAPIOperation {
        OpenAPIOperation(
            method: method, path: "/api/unladen/1.0/\(path)", id: id, tag: .administration, summary: summary,
            parameters: parameters, body: body, response: response, error: .mlflow)
    }
}

/// What is open to everybody.
enum OpenAPIService {
    static let operations = [
        operation("/health", id: "health", "Whether the gateway runs", "OK"),
        operation("/livez", id: "livez", "Whether the process lives", "OK"),
        operation("/readyz", id: "readyz", "Whether it can serve requests", "Yes; 503 if it can't."),
        operation("/version", id: "version", "The version of MLflow that its answers follow", "The version."),
        operation("/metrics", id: "metrics", "Metrics", "Prometheus' text format."),
        operation("/openapi.json", id: "openAPI", "This document", "OpenAPI 3.1.", type: "application/json"),
        operation("/docs", id: "docs", "The page that shows this document", "HTML.", type: "text/html"),
    ]

    private static func operation(
        _ path: String, id: String, _ summary: String, _ response: String, type: String = "text/plain"
    ) -> OpenAPIOperation {
        OpenAPIOperation(
            method: "get", path: path, id: id, tag: .service, summary: summary,
            response: OpenAPIResponse(description: response, type: type), isPublic: true)
    }
}
