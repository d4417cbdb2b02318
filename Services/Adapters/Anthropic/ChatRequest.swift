internal import AdapterKit
internal import JSON

/// A request for a chat, as OpenAI's API has it, turned into one for messages.
enum ChatRequest {
    /// Anthropic demands a limit; this one all models take.
    static let maximumTokens: Int64 = 4096

    /// What nothing at Anthropic corresponds to. A member that has its neutral value changes nothing and is let through.
    private static let unsupported: [(name: String, neutral: [JSONValue])] = [
        ("n", [1]), ("seed", []), ("logprobs", [false]), ("top_logprobs", []), ("logit_bias", [[:]]), ("frequency_penalty", [0, 0.0]),
        ("presence_penalty", [0, 0.0]), ("audio", []), ("prediction", []), ("modalities", [["text"]]), ("functions", []),
        ("function_call", []), ("web_search_options", []),
    ]

    static func messages(_ request: JSONObject) throws(AdapterError) -> JSONObject {
        try refuseUnsupported(request)
        guard let messages = request["messages"]?.arrayValue, !messages.isEmpty else {
            throw .invalid("'messages' must be a list with a message")
        }
        let conversation = try Conversation(messages)
        var body: JSONObject = ["messages": .array(conversation.turns)]
        if !conversation.system.isEmpty { body["system"] = .array(conversation.system) }
        try addCommon(request, to: &body)
        if let tools = request["tools"]?.arrayValue, !tools.isEmpty {
            body["tools"] = .array(try tools.map(Tools.anthropic))
            body["tool_choice"] = try Tools.choice(request["tool_choice"], parallel: request["parallel_tool_calls"]?.boolValue ?? true)
        }
        if let format = request["response_format"], let output = try outputFormat(format) {
            body["output_config"] = ["format": output]
        }
        return body
    }

    static func refuseUnsupported(_ request: JSONObject) throws(AdapterError) {
        for (name, neutral) in unsupported {
            guard let value = request[name], value != .null, !neutral.contains(value) else { continue }
            throw .unsupported("Anthropic's models can't do '\(name)'")
        }
    }

    /// What chats and completions have in common.
    static func addCommon(_ request: JSONObject, to body: inout JSONObject) throws(AdapterError) {
        let limit = [request["max_completion_tokens"], request["max_tokens"]].lazy.compactMap { $0?.integerValue }.first
        body["max_tokens"] = .integer(limit ?? maximumTokens)
        if let stop = request["stop"], stop != .null {
            body["stop_sequences"] = stop.stringValue.map { [.string($0)] } ?? stop
        }
        // OpenAI's temperatures go to 2, Anthropic's to 1: what is hotter is as hot as it gets, as in Anthropic's own translation.
        if let temperature = request["temperature"]?.doubleValue { body["temperature"] = .number(min(temperature, 1)) }
        for name in ["top_p", "top_k", "service_tier", "thinking"] {
            if let value = request[name], value != .null { body[name] = value }
        }
        if let user = request["user"]?.stringValue { body["metadata"] = ["user_id": .string(user)] }
    }

    private static func outputFormat(_ format: JSONValue) throws(AdapterError) -> JSONValue? {
        switch format["type"]?.stringValue {
        case "text": return nil
        case "json_schema":
            guard let schema = format["json_schema"]?["schema"] else { throw .invalid("'response_format.json_schema.schema' is missing") }
            return ["type": "json_schema", "schema": schema]
        case "json_object": throw .unsupported("Anthropic's models need a schema: use a response_format of type json_schema")
        default: throw .invalid("'response_format.type' must be text, json_object or json_schema")
        }
    }
}

/// A request for a completion, turned into one for messages: the prompt is what the user says.
enum CompletionRequest {
    static func messages(_ request: JSONObject) throws(AdapterError) -> JSONObject {
        try ChatRequest.refuseUnsupported(request)
        for name in ["best_of", "echo", "suffix"] {
            guard let value = request[name], ![.null, .bool(false), .integer(1)].contains(value) else { continue }
            throw .unsupported("Anthropic's models can't do '\(name)'")
        }
        let prompts = request["prompt"]?.stringValue.map { [$0] } ?? request["prompt"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard prompts.count == 1, let prompt = prompts.first else {
            throw .unsupported("Anthropic's models take one 'prompt', a text")
        }
        var body: JSONObject = ["messages": [["role": "user", "content": .string(prompt)]]]
        try ChatRequest.addCommon(request, to: &body)
        return body
    }
}
