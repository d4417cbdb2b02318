internal import JSON

/// The document's schemas, each under its name.
enum OpenAPISchemas {
    typealias Named = KeyValuePairs<String, JSONValue>

    static var all: JSONObject {
        let groups: [Named] = [
            chat, completions, embeddings, responses, messages, mlflow25, invocations, catalogue, administration, errors,
        ]
        return JSONObject(groups.flatMap { group in group.map { .init(name: $0.key, value: $0.value) } })
    }

    private static let errors: Named = [
        "OpenAIError": Schema.object(
            [
                "error": Schema.object(
                    [
                        "message": Schema.text(), "type": Schema.text(),
                        "param": Schema.orNull(Schema.text("The member that is wrong.")),
                        "code": Schema.orNull(Schema.either(Schema.text(), Schema.integer())),
                    ], required: ["message", "type"])
            ], required: ["error"]),
        "AnthropicError": Schema.object(
            [
                "type": Schema.constant("error"),
                "error": Schema.object(["type": Schema.text(), "message": Schema.text()], required: ["type", "message"]),
            ], required: ["type", "error"]),
        "MLflowError": Schema.object(
            [
                "detail": Schema.either(
                    Schema.text(),
                    Schema.list(
                        of: Schema.object(
                            [
                                "loc": Schema.list(of: Schema.either(Schema.text(), Schema.integer()), "Where, from the body on."),
                                "msg": Schema.text(), "type": Schema.text(),
                            ], required: ["loc", "msg", "type"])))
            ], required: ["detail"]),
    ]

    /// Members that requests for chats and completions have in common.
    static let sampling: Named = [
        "n": Schema.integer("How many answers.", from: 1),
        "max_tokens": Schema.integer("The longest answer, in tokens.", from: 1),
        "temperature": Schema.number(from: 0, to: 2), "top_p": Schema.number(from: 0, to: 1),
        "stop": Schema.either(Schema.text(), Schema.list(of: Schema.text())),
        "stream": Schema.bool("Whether the answer is to come in pieces, as server-sent events."),
        "stream_options": Schema.object(["include_usage": Schema.bool("Whether the last event is to tell the usage.")]),
    ]

    /// An object with the members of several groups.
    static func object(_ groups: Named..., required: [String]) -> JSONValue {
        let properties = groups.flatMap { group in group.map { JSONObject.Member(name: $0.key, value: $0.value) } }
        return [
            "type": "object", "properties": .object(JSONObject(properties)), "required": .array(required.map { .string($0) }),
        ]
    }

    static let model = Schema.text("The name of an endpoint or a route.")

    static let usage = Schema.object([
        "prompt_tokens": Schema.integer(), "completion_tokens": Schema.integer(), "total_tokens": Schema.integer(),
        "prompt_tokens_details": Schema.object([
            "cached_tokens": Schema.integer("Read from the provider's prompt cache."),
            "cache_write_tokens": Schema.integer("Written to the provider's prompt cache."),
            "cache_creation_token_details": Schema.object(
                ["ephemeral_5m_input_tokens": Schema.integer(), "ephemeral_1h_input_tokens": Schema.integer()],
                "How long these are kept, where the provider says it."),
        ]),
    ])
}
