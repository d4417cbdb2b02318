internal import JSON

extension OpenAPISchemas {
    static let chat: Named = [
        "ChatMessage": Schema.object(
            [
                "role": Schema.choice("system", "developer", "user", "assistant", "tool", "function"),
                "content": Schema.either(Schema.text(), Schema.list(of: Schema.reference("ContentPart")), ["type": "null"]),
                "name": Schema.text(), "tool_calls": Schema.list(of: Schema.reference("ToolCall")),
                "tool_call_id": Schema.text("Of a message with the role `tool`: the call that it answers."),
            ], required: ["role"]),
        "ContentPart": Schema.object(
            [
                "type": Schema.text("`text`, `image_url`, `input_audio` or what else the provider takes."), "text": Schema.text(),
                "image_url": Schema.object(["url": Schema.text("An address, or `data:image/png;base64,…`.")], required: ["url"]),
            ], required: ["type"]),
        "ToolCall": Schema.object([
            "id": Schema.text(), "type": Schema.constant("function"),
            "function": Schema.object(["name": Schema.text(), "arguments": Schema.text("A JSON object as a text.")]),
        ]),
        "Tool": Schema.object(
            [
                "type": Schema.text("`function`"),
                "function": Schema.object(
                    [
                        "name": Schema.text(), "description": Schema.text(),
                        "parameters": Schema.anyObject("The JSON Schema of its arguments."),
                    ], required: ["name"]),
            ], required: ["type"]),
        "ChatRequest": object(["model": model], chatMembers, sampling, required: ["model", "messages"]),
        "ChatInvocation": object(chatMembers, sampling, required: ["messages"]),
        "ChatAnswer": Schema.object([
            "id": Schema.text(), "object": Schema.constant("chat.completion"), "created": Schema.integer("Seconds since 1970."),
            "model": Schema.text(),
            "choices": Schema.list(
                of: Schema.object([
                    "index": Schema.integer(), "message": Schema.reference("ChatMessage"),
                    "finish_reason": Schema.orNull(Schema.text("`stop`, `length`, `tool_calls` or `content_filter`.")),
                ])), "usage": usage,
        ]),
        "ChatChunk": Schema.object([
            "id": Schema.text(), "object": Schema.constant("chat.completion.chunk"), "created": Schema.integer(),
            "model": Schema.text(),
            "choices": Schema.list(
                of: Schema.object([
                    "index": Schema.integer(),
                    "delta": Schema.object([
                        "role": Schema.text(), "content": Schema.orNull(Schema.text()),
                        "tool_calls": Schema.list(of: Schema.reference("ToolCall")),
                    ]), "finish_reason": Schema.orNull(Schema.text()),
                ])), "usage": Schema.orNull(usage),
        ]),
    ]

    private static var chatMembers: Named {
        [
            "messages": Schema.list(of: Schema.reference("ChatMessage"), atLeast: 1),
            "max_completion_tokens": Schema.integer("The longest answer, in tokens, thoughts included.", from: 1),
            "tools": Schema.list(of: Schema.reference("Tool")),
            "tool_choice": Schema.either(Schema.choice("none", "auto", "required"), Schema.anyObject()),
            "response_format": Schema.anyObject("`text`, `json_object` or `json_schema`, if the provider knows it."),
        ]
    }

    static let completions: Named = [
        "CompletionRequest": object(["model": model, "prompt": prompt], sampling, required: ["model", "prompt"]),
        "CompletionInvocation": object(["prompt": prompt], sampling, required: ["prompt"]),
        "CompletionAnswer": Schema.object([
            "id": Schema.text(), "object": Schema.constant("text_completion"), "created": Schema.integer(), "model": Schema.text(),
            "choices": Schema.list(
                of: Schema.object([
                    "index": Schema.integer(), "text": Schema.text(), "finish_reason": Schema.orNull(Schema.text()),
                ])), "usage": Schema.orNull(usage),
        ]),
    ]

    private static let prompt = Schema.either(Schema.text(), Schema.list(of: Schema.text()))
}
