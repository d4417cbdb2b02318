package import JSON

/// Requests of Anthropic's Messages API for providers of chats.
///
/// Format: Anthropic's reference of `POST /v1/messages`, version 2023-06-01.
package enum MessagesRequest {
    /// How long the `user` may be that OpenAI takes; clients of Anthropic have longer ones.
    private static let maximumUserLength = 64

    /// The request in the form of OpenAI's chat completions.
    ///
    /// What changes only how a provider works is left out where OpenAI's API has nothing like it: `thinking`, `cache_control`,
    /// `service_tier`, `context_management`, and `top_k`, which narrows the choice of words by a little and which OpenAI refuses.
    /// What would change what the client gets, such as tools that run at Anthropic, is refused.
    ///
    /// - Throws: status 400 and a message that names the member which is wrong.
    package static func openAI(_ request: JSONObject) throws(MessagesError) -> JSONObject {
        let fields = MessagesFields(request)
        for name in ["mcp_servers", "container"] where !isNothing(fields[name]) {
            throw .invalid("\(name): This endpoint's provider has nothing like it, use an endpoint of Anthropic's")
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

    /// The schema that a response must have.
    private static func responseFormat(_ fields: MessagesFields) throws(MessagesError) -> JSONValue? {
        var format = try fields.object("output_config")?.object("format")
        // Its name of when it was new.
        if format == nil { format = try fields.object("output_format") }
        guard let format else { return nil }
        guard try format.string("type") == "json_schema" else { throw format.wrong("type", "'json_schema'") }
        let schema = try format.required("schema")
        return ["type": "json_schema", "json_schema": ["name": "answer", "schema": schema, "strict": true]]
    }

    private static func isNothing(_ value: JSONValue?) -> Bool { value == nil || value == [] }
}
