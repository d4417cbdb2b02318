internal import AdapterKit
internal import JSON

/// A request for a chat, as OpenAI's API has it, turned into one for messages.
enum ChatRequest {
    /// Anthropic demands a limit; this one all models take.
    static let maximumTokens: Int64 = 4096
    /// As errors name them.
    static let models = "Anthropic's models"

    /// What nothing at Anthropic corresponds to. A member that has its neutral value changes nothing and is let through.
    private static let unsupported: [OpenAIRequest.UnsupportedParameter] = [
        ("n", [1]), ("seed", []), ("logprobs", [false]), ("top_logprobs", []), ("logit_bias", [[:]]),
        ("frequency_penalty", [0, 0.0]), ("presence_penalty", [0, 0.0]), ("audio", []), ("prediction", []), ("modalities", [["text"]]), ("functions", []),
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
        case .json: throw .unsupported("\(models) need a schema: use a response_format of type json_schema")
        case .schema(let schema): body["output_config"] = ["format": ["type": "json_schema", "schema": schema]]
        }
        return body
    }

    /// What chats and completions have in common.
    static func addCommon(_ request: JSONObject, to body: inout JSONObject) throws(AdapterError) {
        try OpenAIRequest.rejectUnsupported(unsupported, in: request, of: models)
        body["max_tokens"] = .integer(OpenAIRequest.maximumTokens(request) ?? maximumTokens)
        body["stop_sequences"] = OpenAIRequest.stopSequences(request)
        // OpenAI's temperatures go to 2, Anthropic's to 1: what is hotter is as hot as it gets, as in Anthropic's own translation.
        if let temperature = request["temperature"]?.doubleValue { body["temperature"] = .number(min(temperature, 1)) }
        OpenAIRequest.mapParameters(["top_p", "top_k", "thinking"].map { ($0, $0) }, from: request, to: &body)
        // OpenAI's tiers have other names.
        if let tier = request["service_tier"], ["auto", "standard_only"].contains(tier) { body["service_tier"] = tier }
        if let user = request["user"]?.stringValue { body["metadata"] = ["user_id": .string(user)] }
    }
}

/// A request for a completion, turned into one for messages: the prompt is what the user says.
enum CompletionRequest {
    static func messages(_ request: JSONObject) throws(AdapterError) -> JSONObject {
        let prompt = try OpenAIRequest.prompt(request, of: ChatRequest.models)
        var body: JSONObject = ["messages": [["role": "user", "content": .string(prompt)]]]
        try ChatRequest.addCommon(request, to: &body)
        return body
    }
}
