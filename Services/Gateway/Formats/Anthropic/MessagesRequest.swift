package import JSON

/// Translates requests of Anthropic's Messages API for providers that only support chat completions.
///
/// Format: Anthropic's reference of `POST /v1/messages`, version 2023-06-01.
package enum MessagesRequest {
    /// The maximum length of OpenAI's `user`, in characters. Anthropic's clients may send longer user IDs.
    private static let maximumUserLength = 64

    /// Translates a request to one for OpenAI's chat completions.
    ///
    /// Members without an equivalent in OpenAI's API are dropped if they only affect how a provider works: `thinking`,
    /// `cache_control`, `service_tier`, `context_management`, and `top_k`, which only restricts sampling and which OpenAI rejects.
    /// Members that would change the result, such as tools that run on Anthropic's servers, are rejected.
    ///
    /// - Throws: status 400 and a message that names the invalid member.
    package static func openAI(_ request: JSONObject) throws(MessagesError) -> JSONObject {
        let fields = MessagesFields(request)
        for name in ["mcp_servers", "container"] where !isNothing(fields[name]) {
            throw .invalid("\(name): This endpoint's provider does not support this parameter. Use an Anthropic endpoint")
        }
        var body: JSONObject = ["model": .string(try fields.string("model"))]
        var chat = MessagesConversation()
        try chat.addSystem(fields)
        for message in try messages(fields) { try chat.add(message) }
        body["messages"] = .array(try chat.all())
        body["max_completion_tokens"] = .integer(try fields.integer("max_tokens", atLeast: 1))
        body["stop"] = try stop(fields)
        body["temperature"] = try fields.fraction("temperature")
        body["top_p"] = try fields.fraction("top_p")
        if fields["top_k"] != nil { _ = try fields.integer("top_k", atLeast: 0) }
        try MessagesTools.add(fields, to: &body)
        body["response_format"] = try responseFormat(fields)
        let user = try fields.object("metadata")?.optionalString("user_id")
        body["user"] = user.map { .string(String($0.prefix(maximumUserLength))) }
        if try fields.bool("stream") {
            body["stream"] = true
            body["stream_options"] = ["include_usage": true]
        }
        return body
    }

    private static func messages(_ fields: MessagesFields) throws(MessagesError) -> [MessagesFields] {
        _ = try fields.required("messages")
        return try fields.objects("messages")
    }

    private static func stop(_ fields: MessagesFields) throws(MessagesError) -> JSONValue? {
        let texts = try fields.array("stop_sequences")
        for (index, text) in texts.enumerated() where text.stringValue == nil {
            throw fields.wrong("stop_sequences.\(index)", "a valid string")
        }
        return texts.isEmpty ? nil : .array(texts)
    }

    /// The JSON schema that the response must match.
    private static func responseFormat(_ fields: MessagesFields) throws(MessagesError) -> JSONValue? {
        var format = try fields.object("output_config")?.object("format")
        // The name of the parameter in the beta API.
        if format == nil { format = try fields.object("output_format") }
        guard let format else { return nil }
        guard try format.string("type") == "json_schema" else { throw format.wrong("type", "'json_schema'") }
        let schema = try format.required("schema")
        return ["type": "json_schema", "json_schema": ["name": "answer", "schema": schema, "strict": true]]
    }

    private static func isNothing(_ value: JSONValue?) -> Bool { value == nil || value == [] }
}
