internal import JSON

/// The endpoints' and routes' own paths.
enum OpenAPIInvocations {
    static func operations(_ endpoints: [OpenAPIEndpoint]) -> [OpenAPIOperation] {
        let name = endpoints.first?.name ?? "NAME"
        return endpoints.map(operation) + [
            OpenAPIOperation(
                method: "post", path: "/endpoints/{name}/invocations", id: "invokeEndpoint", tag: .invocations,
                summary: "Any endpoint or route, under its second path",
                description: "The same as `/gateway/{name}/invocations`, which is described for each endpoint and route.",
                parameters: [OpenAPIOperation.parameter("name", "An endpoint or a route.", example: name)],
                body: OpenAPIBody(
                    schema: "Invocation",
                    examples: endpoints.first.map { [($0.name, .object(OpenAPIExamples.invocation($0)))] } ?? []),
                response: OpenAPIResponse(description: "As the endpoint answers.", schema: "InvocationAnswer", event: "ChatChunk"),
                error: .mlflow)
        ]
    }

    private static func operation(_ endpoint: OpenAPIEndpoint) -> OpenAPIOperation {
        let (request, response, event) = schemas(endpoint)
        let schemaName = endpoint.isMLflow25 ? "MLflow 2.5's schema" : "OpenAI's schema without `model`"
        let example = OpenAPIExamples.invocation(endpoint)
        var examples = [(name: endpoint.name, value: JSONValue.object(example))]
        if event != nil { examples.append((endpoint.name + ", as a stream", .object(OpenAPIExamples.streaming(example)))) }
        return OpenAPIOperation(
            method: "post", path: "/gateway/\(endpoint.segment)/invocations", id: "invoke.\(endpoint.segment)", tag: .invocations,
            summary: "\(endpoint.name): \(endpoint.task.rawValue)", description: "Takes \(schemaName).",
            body: OpenAPIBody(schema: request, examples: examples),
            response: OpenAPIResponse(description: "The answer.", schema: response, event: event), error: .mlflow)
    }

    /// The schemas of an endpoint's request, its response and the events of its stream, if it has one.
    private static func schemas(_ endpoint: OpenAPIEndpoint) -> (request: String, response: String, event: String?) {
        switch (endpoint.task, endpoint.isMLflow25) {
        case (.completions, true): ("MLflow25CompletionsRequest", "MLflow25CompletionsAnswer", nil)
        case (.embeddings, true): ("MLflow25EmbeddingsRequest", "MLflow25EmbeddingsAnswer", nil)
        case (_, true): ("MLflow25ChatRequest", "MLflow25ChatAnswer", nil)
        case (.completions, false): ("CompletionInvocation", "CompletionAnswer", "CompletionAnswer")
        case (.embeddings, false): ("EmbeddingsInvocation", "EmbeddingsAnswer", nil)
        case (_, false): ("ChatInvocation", "ChatAnswer", "ChatChunk")
        }
    }
}

extension OpenAPISchemas {
    /// Of a path that any endpoint may stand in.
    static let invocations: Named = [
        "Invocation": anyOf([
            "ChatInvocation", "CompletionInvocation", "EmbeddingsInvocation", "MLflow25ChatRequest", "MLflow25CompletionsRequest",
            "MLflow25EmbeddingsRequest",
        ]),
        "InvocationAnswer": anyOf([
            "ChatAnswer", "CompletionAnswer", "EmbeddingsAnswer", "MLflow25ChatAnswer", "MLflow25CompletionsAnswer",
            "MLflow25EmbeddingsAnswer",
        ]),
    ]

    private static func anyOf(_ names: [String]) -> JSONValue { ["anyOf": .array(names.map(JSONSchema.reference))] }
}
