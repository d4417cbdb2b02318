internal import JSON

extension OpenAPISchemas {
    static let mlflow25: Named = [
        "MLflow25ChatRequest": object(
            [
                "messages": Schema.list(
                    of: Schema.object(["role": Schema.text(), "content": Schema.text()], required: ["role", "content"]), atLeast: 1)
            ], mlflow25Sampling, required: ["messages"]),
        "MLflow25ChatAnswer": answer25(
            "candidates",
            of: Schema.object([
                "message": Schema.object(["role": Schema.text(), "content": Schema.text()]), "metadata": candidateMetadata,
            ])),
        "MLflow25CompletionsRequest": object(["prompt": Schema.text()], mlflow25Sampling, required: ["prompt"]),
        "MLflow25CompletionsAnswer": answer25(
            "candidates", of: Schema.object(["text": Schema.text(), "metadata": candidateMetadata])),
        "MLflow25EmbeddingsRequest": Schema.object(
            ["text": Schema.either(Schema.text(), Schema.list(of: Schema.text()))], required: ["text"]),
        "MLflow25EmbeddingsAnswer": answer25("embeddings", of: Schema.list(of: Schema.number())),
    ]

    private static var mlflow25Sampling: Named {
        [
            "temperature": Schema.number("A part of the provider's range; 0 unless it is given.", from: 0, to: 1),
            "candidate_count": Schema.integer("How many answers; 1 unless it is given.", from: 1, to: 5),
            "max_tokens": Schema.integer("The longest answer, in tokens.", from: 1),
            "stop": Schema.list(of: Schema.text(), atLeast: 1),
        ]
    }

    private static var candidateMetadata: JSONValue {
        Schema.object(["finish_reason": Schema.either(Schema.choice("stop", "length"), ["type": "null"])])
    }

    private static func answer25(_ name: String, of element: JSONValue) -> JSONValue {
        let count = Schema.orNull(Schema.integer())
        let metadata = Schema.object([
            "input_tokens": count, "output_tokens": count, "total_tokens": count, "model": Schema.text(), "route_type": taskType,
        ])
        return Schema.object([name: Schema.list(of: element), "metadata": metadata])
    }

    private static var taskType: JSONValue { Schema.choice("llm/v1/chat", "llm/v1/completions", "llm/v1/embeddings") }

    static let catalogue: Named = [
        "Model": Schema.object([
            "id": Schema.text(), "object": Schema.constant("model"), "created": Schema.integer(), "owned_by": Schema.text(),
        ]),
        "Models": Schema.object(["object": Schema.constant("list"), "data": Schema.list(of: Schema.reference("Model"))]),
        "Route": described("route_type", "route_url"),
        "Routes": page("routes", of: "Route"),
        "Endpoint": described("endpoint_type", "endpoint_url"),
        "Endpoints": page("endpoints", of: "Endpoint"),
        "TrafficRoute": Schema.object([
            "name": Schema.text(), "task_type": taskType, "routing_strategy": Schema.choice("TRAFFIC_SPLIT", "LEAST_LOADED"),
            "destinations": Schema.list(
                of: Schema.object(["name": Schema.text(), "traffic_percentage": Schema.integer(from: 0, to: 100)])),
        ]),
    ]

    private static func described(_ type: String, _ url: String) -> JSONValue {
        Schema.object([
            "name": Schema.text(), type: taskType, "model": Schema.object(["name": Schema.text(), "provider": Schema.text()]),
            url: Schema.text("The path for its invocations."), "limit": Schema.orNull(Schema.anyObject()),
        ])
    }

    private static func page(_ name: String, of schema: String) -> JSONValue {
        Schema.object([
            name: Schema.list(of: Schema.reference(schema)),
            "next_page_token": Schema.orNull(Schema.text("For the next page, if there is one.")),
        ])
    }
}
