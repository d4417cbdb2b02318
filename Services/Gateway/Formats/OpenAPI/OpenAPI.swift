package import JSON
internal import Primitives

/// The gateway's OpenAPI 3.1 document.
///
/// - Parameters:
///   - endpoints: the configured endpoints and routes, each with its task (`llm/v1/chat`, …) and whether its invocations use MLflow
///     2.5's schemas.
///   - version: the version of the gateway.
package func openAPI(endpoints: [(name: String, task: String, isMLflow25: Bool)], version: String) -> JSONValue {
    let endpoints = endpoints.map(OpenAPIEndpoint.init)
    let operations =
        OpenAPIInference.operations(endpoints) + OpenAPIInvocations.operations(endpoints) + OpenAPICatalog.operations(endpoints)
        + OpenAPIAdministration.operations(endpoints) + OpenAPIService.operations
    return [
        "openapi": "3.1.0",
        "info": [
            "title": "Unladen gateway", "version": .string(version),
            "description": """
            One API for every LLM provider: OpenAI's API, Anthropic's Messages API and MLflow's gateway API for all configured \
            endpoints.
            """,
        ],
        "servers": [["url": "/"]],
        "security": [["bearer": []], ["xAPIKey": []], ["apiKey": []]],
        "tags": .array(OpenAPITag.allCases.map(\.json)),
        "paths": paths(operations),
        "components": [
            "securitySchemes": [
                "bearer": ["type": "http", "scheme": "bearer", "description": "An API key for this gateway"],
                "xAPIKey": [
                    "type": "apiKey", "in": "header", "name": "x-api-key", "description": "The API key, as Anthropic's clients send it",
                ],
                "apiKey": ["type": "apiKey", "in": "header", "name": "api-key", "description": "The API key, as Azure's clients send it"],
            ],
            "responses": OpenAPIError.responses, "schemas": .object(OpenAPISchemas.all),
        ],
    ]
}

/// The operations, grouped by path.
private func paths(_ operations: [OpenAPIOperation]) -> JSONValue {
    var paths = JSONObject()
    var indices: [String: Int] = [:]
    for operation in operations {
        let member = JSONObject.Member(name: operation.method, value: operation.json)
        if let index = indices[operation.path], var item = paths.members[index].value.objectValue {
            item.members.append(member)
            paths.members[index].value = .object(item)
        } else {
            indices[operation.path] = paths.members.count
            paths.members.append(.init(name: operation.path, value: .object(JSONObject([member]))))
        }
    }
    return .object(paths)
}

/// An endpoint or a route.
struct OpenAPIEndpoint {
    var name: String
    var task: OpenAITask
    var isMLflow25: Bool

    init(name: String, task: String, isMLflow25: Bool) {
        self.name = name
        self.task =
            switch task {
            case MLflow25RouteType.completions.rawValue: .completions
            case MLflow25RouteType.embeddings.rawValue: .embeddings
            default: .chat
            }
        self.isMLflow25 = isMLflow25
    }

    /// The percent-encoded name, for use as a path segment.
    var segment: String { PercentEncoding.encode(name) }
}
