internal import JSON

extension OpenAPISchemas {
    static let embeddings: Named = [
        "EmbeddingsRequest": object(["model": model], embeddingsMembers, required: ["model", "input"]),
        "EmbeddingsInvocation": object(embeddingsMembers, required: ["input"]),
        "EmbeddingsAnswer": Schema.object([
            "object": Schema.constant("list"), "model": Schema.text(), "usage": usage,
            "data": Schema.list(
                of: Schema.object([
                    "object": Schema.constant("embedding"), "index": Schema.integer(),
                    "embedding": Schema.either(Schema.list(of: Schema.number()), Schema.text("Base 64.")),
                ])),
        ]),
    ]

    private static var embeddingsMembers: Named {
        [
            "input": Schema.either(
                Schema.text(), Schema.list(of: Schema.text()), Schema.list(of: Schema.integer("A token.")),
                Schema.list(of: Schema.list(of: Schema.integer()))),
            "encoding_format": Schema.choice("float", "base64"), "dimensions": Schema.integer(from: 1),
        ]
    }

    static let responses: Named = [
        "ResponsesRequest": Schema.object(
            [
                "model": model, "input": Schema.either(Schema.text(), Schema.list(of: Schema.anyObject())),
                "instructions": Schema.text(), "max_output_tokens": Schema.integer(from: 1),
                "temperature": Schema.number(from: 0, to: 2), "stream": Schema.bool(), "tools": Schema.list(of: Schema.anyObject()),
            ], required: ["model"]),
        "ResponsesAnswer": Schema.object([
            "id": Schema.text(), "object": Schema.constant("response"), "status": Schema.text(), "model": Schema.text(),
            "output": Schema.list(of: Schema.anyObject()), "usage": Schema.anyObject(),
        ]),
        "ResponsesEvent": Schema.object(["type": Schema.text("`response.output_text.delta` and others.")], required: ["type"]),
    ]

    static let messages: Named = [
        "MessagesRequest": Schema.object(
            [
                "model": model, "max_tokens": Schema.integer("The longest answer, in tokens.", from: 1),
                "messages": Schema.list(
                    of: Schema.object(
                        [
                            "role": Schema.choice("user", "assistant"),
                            "content": Schema.either(Schema.text(), Schema.list(of: Schema.reference("ContentBlock"))),
                        ], required: ["role", "content"]), atLeast: 1),
                "system": Schema.either(Schema.text(), Schema.list(of: Schema.reference("ContentBlock"))),
                "temperature": Schema.number(from: 0, to: 1), "top_p": Schema.number(from: 0, to: 1),
                "stop_sequences": Schema.list(of: Schema.text()), "stream": Schema.bool(),
                "tools": Schema.list(of: Schema.anyObject()), "tool_choice": Schema.anyObject(),
                "metadata": Schema.object(["user_id": Schema.text()]),
            ], required: ["model", "max_tokens", "messages"]),
        "ContentBlock": Schema.object(
            [
                "type": Schema.text("`text`, `image`, `tool_use` or `tool_result`."), "text": Schema.text(),
                "source": Schema.anyObject(), "id": Schema.text(), "name": Schema.text(), "input": Schema.anyObject(),
                "tool_use_id": Schema.text(), "is_error": Schema.bool(),
            ], required: ["type"]),
        "MessagesAnswer": Schema.object([
            "id": Schema.text(), "type": Schema.constant("message"), "role": Schema.constant("assistant"), "model": Schema.text(),
            "content": Schema.list(of: Schema.reference("ContentBlock")),
            "stop_reason": Schema.orNull(Schema.text("`end_turn`, `max_tokens`, `tool_use`, `refusal` or another of Anthropic's.")),
            "stop_sequence": Schema.orNull(Schema.text()),
            "usage": Schema.object([
                "input_tokens": Schema.integer(), "output_tokens": Schema.integer(), "cache_read_input_tokens": Schema.integer(),
                "cache_creation_input_tokens": Schema.integer(),
                "cache_creation": Schema.object([
                    "ephemeral_5m_input_tokens": Schema.integer(), "ephemeral_1h_input_tokens": Schema.integer(),
                ]),
            ]),
        ]),
        "MessagesEvent": Schema.object(
            ["type": Schema.text("`message_start`, `content_block_delta` and others.")], required: ["type"]),
    ]
}
