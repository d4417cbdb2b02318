internal import JSON

extension OpenAPISchemas {
    static let messages: Named = [
        "MessagesRequest": JSONSchema.object(
            [
                "model": model, "max_tokens": JSONSchema.integer("The maximum tokens of the message.", from: 1),
                "messages": JSONSchema.array(
                    of: JSONSchema.object(
                        [
                            "role": JSONSchema.enumeration("user", "assistant"),
                            "content": JSONSchema.anyOf(
                                JSONSchema.string(), JSONSchema.array(of: JSONSchema.reference("ContentBlock"))),
                        ], required: ["role", "content"]), atLeast: 1),
                "system": JSONSchema.anyOf(JSONSchema.string(), JSONSchema.array(of: JSONSchema.reference("ContentBlock"))),
                "temperature": JSONSchema.number(from: 0, to: 1), "top_p": JSONSchema.number(from: 0, to: 1),
                "stop_sequences": JSONSchema.array(of: JSONSchema.string()), "stream": JSONSchema.boolean(),
                "tools": JSONSchema.array(of: JSONSchema.anyObject()), "tool_choice": JSONSchema.anyObject(),
                "metadata": JSONSchema.object(["user_id": JSONSchema.string()]),
            ], required: ["model", "max_tokens", "messages"]),
        "ContentBlock": JSONSchema.object(
            [
                "type": JSONSchema.string("`text`, `image`, `tool_use` or `tool_result`."), "text": JSONSchema.string(),
                "source": JSONSchema.anyObject(), "id": JSONSchema.string(), "name": JSONSchema.string(),
                "input": JSONSchema.anyObject(),
                "tool_use_id": JSONSchema.string(), "is_error": JSONSchema.boolean(),
            ], required: ["type"]),
        "MessagesResponse": JSONSchema.object([
            "id": JSONSchema.string(), "type": JSONSchema.constant("message"), "role": JSONSchema.constant("assistant"),
            "model": JSONSchema.string(),
            "content": JSONSchema.array(of: JSONSchema.reference("ContentBlock")),
            "stop_reason": JSONSchema.nullable(
                JSONSchema.string("`end_turn`, `max_tokens`, `tool_use`, `refusal` or another of Anthropic's stop reasons.")),
            "stop_sequence": JSONSchema.nullable(JSONSchema.string()),
            "usage": JSONSchema.object([
                "input_tokens": JSONSchema.integer(), "output_tokens": JSONSchema.integer(),
                "cache_read_input_tokens": JSONSchema.integer(),
                "cache_creation_input_tokens": JSONSchema.integer(),
                "cache_creation": JSONSchema.object([
                    "ephemeral_5m_input_tokens": JSONSchema.integer(), "ephemeral_1h_input_tokens": JSONSchema.integer(),
                ]),
            ]),
        ]),
        "MessagesEvent": JSONSchema.object(
            ["type": JSONSchema.string("`message_start`, `content_block_delta` and others.")], required: ["type"]),
    ]
}
