internal import JSON

extension OpenAPISchemas {
    static let chat: Named = [
        "ChatMessage": JSONSchema.object(
            [
                "role": JSONSchema.enumeration("system", "developer", "user", "assistant", "tool", "function"),
                "content": JSONSchema.anyOf(
                    JSONSchema.string(), JSONSchema.array(of: JSONSchema.reference("ContentPart")), ["type": "null"]),
                "name": JSONSchema.string(), "tool_calls": JSONSchema.array(of: JSONSchema.reference("ToolCall")),
                "tool_call_id": JSONSchema.string("For a message with the role `tool`: the call that it is the result of."),
            ], required: ["role"]),
        "ContentPart": JSONSchema.object(
            [
                "type": JSONSchema.string("`text`, `image_url`, `input_audio` or another type that the provider supports."),
                "text": JSONSchema.string(),
                "image_url": JSONSchema.object(
                    ["url": JSONSchema.string("A URL, or `data:image/png;base64,…`.")], required: ["url"]),
            ], required: ["type"]),
        "ToolCall": JSONSchema.object([
            "id": JSONSchema.string(), "type": JSONSchema.constant("function"),
            "function": JSONSchema.object(
                ["name": JSONSchema.string(), "arguments": JSONSchema.string("A JSON object as a string.")]),
        ]),
        "Tool": JSONSchema.object(
            [
                "type": JSONSchema.string("`function`"),
                "function": JSONSchema.object(
                    [
                        "name": JSONSchema.string(), "description": JSONSchema.string(),
                        "parameters": JSONSchema.anyObject("The JSON Schema of its arguments."),
                    ], required: ["name"]),
            ], required: ["type"]),
        "ChatRequest": object(["model": model], chatMembers, sampling, required: ["model", "messages"]),
        "ChatInvocation": object(chatMembers, sampling, required: ["messages"]),
        "ChatResponse": JSONSchema.object([
            "id": JSONSchema.string(), "object": JSONSchema.constant("chat.completion"),
            "created": JSONSchema.integer("Seconds since 1970."),
            "model": JSONSchema.string(),
            "choices": JSONSchema.array(
                of: JSONSchema.object([
                    "index": JSONSchema.integer(), "message": JSONSchema.reference("ChatMessage"),
                    "finish_reason": JSONSchema.nullable(JSONSchema.string("`stop`, `length`, `tool_calls` or `content_filter`.")),
                ])), "usage": usage,
        ]),
        "ChatChunk": JSONSchema.object([
            "id": JSONSchema.string(), "object": JSONSchema.constant("chat.completion.chunk"), "created": JSONSchema.integer(),
            "model": JSONSchema.string(),
            "choices": JSONSchema.array(
                of: JSONSchema.object([
                    "index": JSONSchema.integer(),
                    "delta": JSONSchema.object([
                        "role": JSONSchema.string(), "content": JSONSchema.nullable(JSONSchema.string()),
                        "tool_calls": JSONSchema.array(of: JSONSchema.reference("ToolCall")),
                    ]), "finish_reason": JSONSchema.nullable(JSONSchema.string()),
                ])), "usage": JSONSchema.nullable(usage),
        ]),
    ]

    private static var chatMembers: Named {
        [
            "messages": JSONSchema.array(of: JSONSchema.reference("ChatMessage"), atLeast: 1),
            "max_completion_tokens": JSONSchema.integer("The maximum tokens of the completion, including reasoning.", from: 1),
            "tools": JSONSchema.array(of: JSONSchema.reference("Tool")),
            "tool_choice": JSONSchema.anyOf(JSONSchema.enumeration("none", "auto", "required"), JSONSchema.anyObject()),
            "response_format": JSONSchema.anyObject("`text`, `json_object` or `json_schema`, if the provider supports it."),
        ]
    }

    static let completions: Named = [
        "CompletionRequest": object(["model": model, "prompt": prompt], sampling, required: ["model", "prompt"]),
        "CompletionInvocation": object(["prompt": prompt], sampling, required: ["prompt"]),
        "CompletionResponse": JSONSchema.object([
            "id": JSONSchema.string(), "object": JSONSchema.constant("text_completion"), "created": JSONSchema.integer(),
            "model": JSONSchema.string(),
            "choices": JSONSchema.array(
                of: JSONSchema.object([
                    "index": JSONSchema.integer(), "text": JSONSchema.string(),
                    "finish_reason": JSONSchema.nullable(JSONSchema.string()),
                ])), "usage": JSONSchema.nullable(usage),
        ]),
    ]

    private static let prompt = JSONSchema.anyOf(JSONSchema.string(), JSONSchema.array(of: JSONSchema.string()))
}
