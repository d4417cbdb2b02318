internal import JSON

/// The operations for keys, usage, limits and adapters.
enum OpenAPIAdministration {
    static func operations(_ endpoints: [OpenAPIEndpoint]) -> [OpenAPIOperation] {
        let route = JSONValue.string(endpoints.first?.name ?? "NAME")
        let key: JSONValue = ["name": "notebook", "team": "research", "routes": [route], "expires": "90d"]
        return [
            operation(
                "get", "keys", id: "listKeys", "List keys", OpenAPIResponse(description: "All keys, newest first.", schema: "Keys")),
            operation(
                "post", "keys", id: "createKey", "Create a key",
                OpenAPIResponse(status: 201, description: "The key. The gateway only stores its hash.", schema: "NewKey"),
                body: OpenAPIBody(schema: "KeyRequest", examples: [("a key", key)])),
            operation(
                "delete", "keys/{id}", id: "revokeKey", "Revoke a key",
                OpenAPIResponse(description: "The key is revoked."),
                parameters: [OpenAPIOperation.parameter("id", "The ID of the key, not the key itself.")]),
            operation(
                "get", "usage", id: "getUsage", "Usage and cost",
                OpenAPIResponse(description: "Totals of requests.", schema: "UsageReport"),
                parameters: [
                    OpenAPIOperation.parameter(
                        "by", in: "query",
                        "The members to group by: any of `team`, `key`, `route`, `provider`, `model`, `status`, `day`, `hour`.",
                        example: "team,model"),
                    OpenAPIOperation.parameter("last", in: "query", "The period before now: `24h`, `7d`.", example: "7d"),
                    OpenAPIOperation.parameter("from", in: "query", "The start, as a date or a time in ISO 8601, instead of `last`."),
                    OpenAPIOperation.parameter("to", in: "query", "The end, as a date or a time in ISO 8601. The default is now."),
                ]),
            operation(
                "get", "limits", id: "getLimits", "Limits and budgets",
                OpenAPIResponse(description: "The limits and how much of each is used.", schema: "Limits")),
            operation(
                "get", "adapters", id: "listAdapters", "List adapters",
                OpenAPIResponse(description: "The loaded adapters and the rejected ones.", schema: "Adapters")),
        ]
    }

    private static func operation(
        _ method: String, _ path: String, id: String, _ summary: String, _ response: OpenAPIResponse, parameters: [JSONValue] = [],
        body: OpenAPIBody? = nil
    ) -> OpenAPIOperation {
        OpenAPIOperation(
            method: method, path: "/api/unladen/1.0/\(path)", id: id, tag: .administration, summary: summary,
            parameters: parameters, body: body, response: response, error: .fastAPI)
    }
}

/// The operations that need no key.
enum OpenAPIService {
    static let operations = [
        operation("/health", id: "health", "Whether the gateway is running", "OK"),
        operation("/livez", id: "livez", "Whether the process is alive", "OK"),
        operation("/readyz", id: "readyz", "Whether it can serve requests", "The gateway is ready. Otherwise, the status is 503."),
        operation("/version", id: "version", "The version of MLflow whose API it implements", "The version."),
        operation("/metrics", id: "metrics", "Metrics", "The Prometheus text format."),
        operation("/openapi.json", id: "openAPI", "This document", "OpenAPI 3.1.", type: "application/json"),
        operation("/docs", id: "docs", "The interactive API documentation", "HTML.", type: "text/html"),
    ]

    private static func operation(
        _ path: String, id: String, _ summary: String, _ response: String, type: String = "text/plain"
    ) -> OpenAPIOperation {
        OpenAPIOperation(
            method: "get", path: path, id: id, tag: .service, summary: summary,
            response: OpenAPIResponse(description: response, type: type), isPublic: true)
    }
}
