package import JSON

/// Validates OpenAI-style requests.
///
/// It only checks what the gateway needs to route, bound and translate a request: providers enforce their own rules, and unknown
/// members pass through.
package enum OpenAIRequestValidator {
    /// The roles of chat messages.
    static let roles = ["system", "developer", "user", "assistant", "tool", "function"]

    /// Validates a request.
    ///
    /// - Throws: `OpenAIRequestError` with all problems.
    package static func validate(_ request: JSONObject, for task: OpenAITask) throws(OpenAIRequestError) {
        var fields = OpenAIRequestFields(request)
        switch task {
        case .chat:
            messages(&fields)
            tools(&fields)
            fields.object("stream_options")
            common(&fields)
        case .completions:
            fields.stringsOrTokens("prompt")
            fields.integer("best_of", atLeast: 1)
            fields.object("stream_options")
            common(&fields)
        case .embeddings: fields.stringsOrTokens("input")
        case .responses:
            input(&fields)
            fields.integer("max_output_tokens", atLeast: 1)
            tools(&fields)
            sampling(&fields)
        }
        if let error = OpenAIRequestError(fields.problems) { throw error }
    }

    private static func messages(_ fields: inout OpenAIRequestFields) {
        guard let messages = fields.required("messages") else { return }
        if messages.arrayValue?.isEmpty == true { fields.report(.empty, "messages", messages) }
        fields.objects("messages") { message in
            guard let role = message.required("role") else { return }
            guard let name = role.stringValue else { return message.report(.wrongType(.string), "role", role) }
            if !roles.contains(name) { message.report(.unknown(among: roles), "role", role) }
            content(&message)
            message.objects("tool_calls") { _ in }
        }
    }

    /// Checks the content of a message: a string or a list of parts.
    private static func content(_ message: inout OpenAIRequestFields) {
        guard let content = message["content"], content.stringValue == nil else { return }
        guard content.arrayValue != nil else {
            return message.report(.wrongType(.either("a string or an array")), "content", content)
        }
        message.objects("content") { part in
            guard let type = part.required("type"), type.stringValue == nil else { return }
            part.report(.wrongType(.string), "type", type)
        }
    }

    /// Checks `input` of the Responses API, which a stored prompt, a conversation or a previous response may replace.
    private static func input(_ fields: inout OpenAIRequestFields) {
        guard let input = fields["input"] else {
            if ["prompt", "conversation", "previous_response_id"].allSatisfy({ fields[$0] == nil }) { _ = fields.required("input") }
            return
        }
        guard input.stringValue == nil else { return }
        guard input.arrayValue != nil else { return fields.report(.wrongType(.either("a string or an array")), "input", input) }
        fields.objects("input") { _ in }
    }

    private static func tools(_ fields: inout OpenAIRequestFields) {
        fields.objects("tools") { tool in
            guard let type = tool.required("type"), type.stringValue == nil else { return }
            tool.report(.wrongType(.string), "type", type)
        }
    }

    private static func common(_ fields: inout OpenAIRequestFields) {
        for name in ["n", "max_tokens", "max_completion_tokens"] { fields.integer(name, atLeast: 1) }
        fields.stringOrStrings("stop")
        sampling(&fields)
    }

    private static func sampling(_ fields: inout OpenAIRequestFields) {
        fields.number("temperature", in: 0...2)
        fields.number("top_p", in: 0...1)
        fields.bool("stream")
    }
}
