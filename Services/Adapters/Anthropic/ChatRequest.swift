internal import AdapterKit
internal import JSON

/// Translates OpenAI's chat requests into Anthropic's Messages API.
enum ChatRequest {
    /// Anthropic requires a limit; all models accept this one.
    static let maximumTokens: Int64 = 4096
    /// The subject of error messages.
    static let models = "Anthropic's models"

    /// Parameters without a counterpart at Anthropic. Neutral values are accepted.
    private static let unsupported: [OpenAIRequest.UnsupportedParameter] = [
        ("n", [1]), ("seed", []), ("logprobs", [false]), ("top_logprobs", []), ("logit_bias", [[:]]),
        ("frequency_penalty", [0, 0.0]), ("presence_penalty", [0, 0.0]), ("audio", []), ("prediction", []), ("modalities", [["text"]]),
        ("functions", []),
        ("function_call", []), ("web_search_options", []), ("best_of", [1]), ("echo", [false]), ("suffix", [""]),
        ("reasoning_effort", ["none"]),
    ]

    static func messages(_ request: JSONObject) throws(AdapterError) -> JSONObject {
        let conversation = try Conversation(try OpenAIRequest.messages(request))
        var body: JSONObject = ["messages": .array(conversation.turns)]
        if !conversation.system.isEmpty { body["system"] = .array(conversation.system) }
        try addCommon(request, to: &body)
        if let tools = request["tools"]?.arrayValue, !tools.isEmpty {
            body["tools"] = .array(try tools.map(Tools.anthropic))
            let mayCallSeveral = request["parallel_tool_calls"]?.boolValue ?? true
            body["tool_choice"] = try Tools.choice(request["tool_choice"], parallel: mayCallSeveral)
        }
        switch try OpenAIRequest.responseFormat(request) {
        case .text: break
        case .json: throw .unsupported("\(models) require a schema: use a 'response_format' of type json_schema")
        case .schema(let schema): body["output_config"] = ["format": ["type": "json_schema", "schema": schema]]
        }
        return body
    }

    /// Adds the parameters that chat and completions share.
    static func addCommon(_ request: JSONObject, to body: inout JSONObject) throws(AdapterError) {
        try OpenAIRequest.rejectUnsupported(unsupported, in: request, of: models)
        body["max_tokens"] = .integer(OpenAIRequest.maximumTokens(request) ?? maximumTokens)
        body["stop_sequences"] = OpenAIRequest.stopSequences(request)
        // OpenAI's temperatures range up to 2, Anthropic's up to 1. Higher ones are clamped, as in Anthropic's own OpenAI compatibility.
        if let temperature = request["temperature"]?.doubleValue { body["temperature"] = .number(min(temperature, 1)) }
        OpenAIRequest.mapParameters(["top_p", "top_k", "thinking"].map { ($0, $0) }, from: request, to: &body)
        // OpenAI's tiers have other names and are ignored.
        if let tier = request["service_tier"], ["auto", "standard_only"].contains(tier) { body["service_tier"] = tier }
        if let user = request["user"]?.stringValue { body["metadata"] = ["user_id": .string(user)] }
    }
}

/// Translates OpenAI's completion requests into Anthropic's Messages API: the prompt becomes the user's message.
enum CompletionRequest {
    static func messages(_ request: JSONObject) throws(AdapterError) -> JSONObject {
        let prompt = try OpenAIRequest.prompt(request, of: ChatRequest.models)
        var body: JSONObject = ["messages": [["role": "user", "content": .string(prompt)]]]
        try ChatRequest.addCommon(request, to: &body)
        return body
    }
}
