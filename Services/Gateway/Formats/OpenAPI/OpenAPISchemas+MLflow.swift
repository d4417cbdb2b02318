internal import JSON

extension OpenAPISchemas {
    static let mlflow25: Named = [
        "MLflow25ChatRequest": object(
            [
                "messages": JSONSchema.array(
                    of: JSONSchema.object(
                        ["role": JSONSchema.string(), "content": JSONSchema.string()], required: ["role", "content"]), atLeast: 1)
            ], mlflow25Sampling, required: ["messages"]),
        "MLflow25ChatResponse": response25(
            "candidates",
            of: JSONSchema.object([
                "message": JSONSchema.object(["role": JSONSchema.string(), "content": JSONSchema.string()]),
                "metadata": candidateMetadata,
            ])),
        "MLflow25CompletionsRequest": object(["prompt": JSONSchema.string()], mlflow25Sampling, required: ["prompt"]),
        "MLflow25CompletionsResponse": response25(
            "candidates", of: JSONSchema.object(["text": JSONSchema.string(), "metadata": candidateMetadata])),
        "MLflow25EmbeddingsRequest": JSONSchema.object(
            ["text": JSONSchema.anyOf(JSONSchema.string(), JSONSchema.array(of: JSONSchema.string()))], required: ["text"]),
        "MLflow25EmbeddingsResponse": response25("embeddings", of: JSONSchema.array(of: JSONSchema.number())),
    ]

    private static var mlflow25Sampling: Named {
        [
            "temperature": JSONSchema.number("A fraction of the provider's range. The default is 0.", from: 0, to: 1),
            "candidate_count": JSONSchema.integer("The number of candidates. The default is 1.", from: 1, to: 5),
            "max_tokens": JSONSchema.integer("The maximum tokens of the completion.", from: 1),
            "stop": JSONSchema.array(of: JSONSchema.string(), atLeast: 1),
        ]
    }

    private static var candidateMetadata: JSONValue {
        JSONSchema.object(["finish_reason": JSONSchema.anyOf(JSONSchema.enumeration("stop", "length"), ["type": "null"])])
    }

    private static func response25(_ name: String, of element: JSONValue) -> JSONValue {
        let count = JSONSchema.nullable(JSONSchema.integer())
        let metadata = JSONSchema.object([
            "input_tokens": count, "output_tokens": count, "total_tokens": count, "model": JSONSchema.string(),
            "route_type": taskType,
        ])
        return JSONSchema.object([name: JSONSchema.array(of: element), "metadata": metadata])
    }

    private static var taskType: JSONValue { JSONSchema.enumeration("llm/v1/chat", "llm/v1/completions", "llm/v1/embeddings") }

    static let catalog: Named = [
        "Model": JSONSchema.object([
            "id": JSONSchema.string(), "object": JSONSchema.constant("model"), "created": JSONSchema.integer(),
            "owned_by": JSONSchema.string(),
        ]),
        "Models": JSONSchema.object(
            ["object": JSONSchema.constant("list"), "data": JSONSchema.array(of: JSONSchema.reference("Model"))]),
        "Route": described("route_type", "route_url"),
        "Routes": page("routes", of: "Route"),
        "Endpoint": described("endpoint_type", "endpoint_url"),
        "Endpoints": page("endpoints", of: "Endpoint"),
        "TrafficRoute": JSONSchema.object([
            "name": JSONSchema.string(), "task_type": taskType,
            "routing_strategy": JSONSchema.enumeration("TRAFFIC_SPLIT", "LEAST_LOADED"),
            "destinations": JSONSchema.array(
                of: JSONSchema.object(["name": JSONSchema.string(), "traffic_percentage": JSONSchema.integer(from: 0, to: 100)])),
        ]),
    ]

    private static func described(_ type: String, _ url: String) -> JSONValue {
        JSONSchema.object([
            "name": JSONSchema.string(), type: taskType,
            "model": JSONSchema.object(["name": JSONSchema.string(), "provider": JSONSchema.string()]),
            url: JSONSchema.string("The path of its invocations."), "limit": JSONSchema.nullable(JSONSchema.anyObject()),
        ])
    }

    private static func page(_ name: String, of schema: String) -> JSONValue {
        JSONSchema.object([
            name: JSONSchema.array(of: JSONSchema.reference(schema)),
            "next_page_token": JSONSchema.nullable(JSONSchema.string("The token of the next page, if there is one.")),
        ])
    }
}
