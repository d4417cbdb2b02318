internal import JSON

/// The invocations operations, one for each endpoint and route.
enum OpenAPIInvocations {
    static func operations(_ endpoints: [OpenAPIEndpoint]) -> [OpenAPIOperation] {
        let name = endpoints.first?.name ?? "NAME"
        return endpoints.map(operation) + [
            OpenAPIOperation(
                method: "post", path: "/endpoints/{name}/invocations", id: "invokeEndpoint", tag: .invocations,
                summary: "Invoke any endpoint or route",
                description: "The same as `/gateway/{name}/invocations`, which is described separately for each endpoint and route.",
                parameters: [OpenAPIOperation.parameter("name", "The name of an endpoint or route.", example: name)],
                body: OpenAPIBody(
                    schema: "Invocation",
                    examples: endpoints.first.map { [($0.name, .object(OpenAPIExamples.invocation($0)))] } ?? []),
                response: OpenAPIResponse(description: "The response of the endpoint.", schema: "InvocationResponse", event: "ChatChunk"),
                error: .fastAPI)
        ]
    }

    private static func operation(_ endpoint: OpenAPIEndpoint) -> OpenAPIOperation {
        let (request, response, event) = schemas(endpoint)
        let schemaName = endpoint.isMLflow25 ? "MLflow 2.5's schema" : "OpenAI's schema without `model`"
        let example = OpenAPIExamples.invocation(endpoint)
        var examples = [(name: endpoint.name, value: JSONValue.object(example))]
        if event != nil { examples.append((endpoint.name + ", streaming", .object(OpenAPIExamples.streaming(example)))) }
        return OpenAPIOperation(
            method: "post", path: "/gateway/\(endpoint.segment)/invocations", id: "invoke.\(endpoint.segment)", tag: .invocations,
            summary: "\(endpoint.name): \(endpoint.task.rawValue)", description: "Uses \(schemaName).",
            body: OpenAPIBody(schema: request, examples: examples),
            response: OpenAPIResponse(description: "The response.", schema: response, event: event), error: .fastAPI)
    }

    /// The schemas of an endpoint's request, its response and the events of its stream, if it has one.
    private static func schemas(_ endpoint: OpenAPIEndpoint) -> (request: String, response: String, event: String?) {
        switch (endpoint.task, endpoint.isMLflow25) {
        case (.completions, true): ("MLflow25CompletionsRequest", "MLflow25CompletionsResponse", nil)
        case (.embeddings, true): ("MLflow25EmbeddingsRequest", "MLflow25EmbeddingsResponse", nil)
        case (_, true): ("MLflow25ChatRequest", "MLflow25ChatResponse", nil)
        case (.completions, false): ("CompletionInvocation", "CompletionResponse", "CompletionResponse")
        case (.embeddings, false): ("EmbeddingsInvocation", "EmbeddingsResponse", nil)
        case (_, false): ("ChatInvocation", "ChatResponse", "ChatChunk")
        }
    }
}

extension OpenAPISchemas {
    /// The schemas of the path that takes any endpoint's name.
    static let invocations: Named = [
        "Invocation": anyOf([
            "ChatInvocation", "CompletionInvocation", "EmbeddingsInvocation", "MLflow25ChatRequest", "MLflow25CompletionsRequest",
            "MLflow25EmbeddingsRequest",
        ]),
        "InvocationResponse": anyOf([
            "ChatResponse", "CompletionResponse", "EmbeddingsResponse", "MLflow25ChatResponse", "MLflow25CompletionsResponse",
            "MLflow25EmbeddingsResponse",
        ]),
    ]

    private static func anyOf(_ names: [String]) -> JSONValue { ["anyOf": .array(names.map(JSONSchema.reference))] }
}
