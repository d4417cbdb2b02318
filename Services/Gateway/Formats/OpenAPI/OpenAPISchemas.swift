internal import JSON

/// The document's schemas, by name.
enum OpenAPISchemas {
    typealias Named = KeyValuePairs<String, JSONValue>

    static var all: JSONObject {
        let groups: [Named] = [
            chat, completions, embeddings, responses, messages, mlflow25, invocations, catalog, administration, errors,
        ]
        return JSONObject(groups.flatMap { group in group.map { .init(name: $0.key, value: $0.value) } })
    }

    private static let errors: Named = [
        "OpenAIError": JSONSchema.object(
            [
                "error": JSONSchema.object(
                    [
                        "message": JSONSchema.string(), "type": JSONSchema.string(),
                        "param": JSONSchema.nullable(JSONSchema.string("The invalid member.")),
                        "code": JSONSchema.nullable(JSONSchema.anyOf(JSONSchema.string(), JSONSchema.integer())),
                    ], required: ["message", "type"])
            ], required: ["error"]),
        "AnthropicError": JSONSchema.object(
            [
                "type": JSONSchema.constant("error"),
                "error": JSONSchema.object(
                    ["type": JSONSchema.string(), "message": JSONSchema.string()], required: ["type", "message"]),
            ], required: ["type", "error"]),
        "MLflowError": JSONSchema.object(
            [
                "detail": JSONSchema.anyOf(
                    JSONSchema.string(),
                    JSONSchema.array(
                        of: JSONSchema.object(
                            [
                                "loc": JSONSchema.array(
                                    of: JSONSchema.anyOf(JSONSchema.string(), JSONSchema.integer()),
                                    "The path of the value, starting with `body`."),
                                "msg": JSONSchema.string(), "type": JSONSchema.string(),
                            ], required: ["loc", "msg", "type"])))
            ], required: ["detail"]),
    ]

    /// Members that chat and completion requests have in common.
    static let sampling: Named = [
        "n": JSONSchema.integer("The number of choices.", from: 1),
        "max_tokens": JSONSchema.integer("The maximum tokens of the completion.", from: 1),
        "temperature": JSONSchema.number(from: 0, to: 2), "top_p": JSONSchema.number(from: 0, to: 1),
        "stop": JSONSchema.anyOf(JSONSchema.string(), JSONSchema.array(of: JSONSchema.string())),
        "stream": JSONSchema.boolean("Whether to stream the response as server-sent events."),
        "stream_options": JSONSchema.object(["include_usage": JSONSchema.boolean("Whether the last event reports the usage.")]),
    ]

    /// An object with the members of several groups.
    static func object(_ groups: Named..., required: [String]) -> JSONValue {
        let properties = groups.flatMap { group in group.map { JSONObject.Member(name: $0.key, value: $0.value) } }
        return [
            "type": "object", "properties": .object(JSONObject(properties)), "required": .array(required.map { .string($0) }),
        ]
    }

    static let model = JSONSchema.string("The name of an endpoint or a route.")

    static let usage = JSONSchema.object([
        "prompt_tokens": JSONSchema.integer(), "completion_tokens": JSONSchema.integer(), "total_tokens": JSONSchema.integer(),
        "prompt_tokens_details": JSONSchema.object([
            "cached_tokens": JSONSchema.integer("Read from the provider's prompt cache."),
            "cache_write_tokens": JSONSchema.integer("Written to the provider's prompt cache."),
            "cache_creation_token_details": JSONSchema.object(
                ["ephemeral_5m_input_tokens": JSONSchema.integer(), "ephemeral_1h_input_tokens": JSONSchema.integer()],
                "The tokens by cache lifetime, if the provider reports it."),
        ]),
    ])
}
