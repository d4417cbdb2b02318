internal import AdapterKit
internal import JSON

/// A request for a chat or a completion, as OpenAI's API has it, in Cohere's form. Messages and tools look alike in both.
enum ChatRequest {
    /// What nothing at Cohere corresponds to, with the values that change nothing.
    private static let unsupported: [(name: String, neutral: [JSONValue])] = [
        ("n", [1]), ("logprobs", [false]), ("top_logprobs", []), ("logit_bias", [[:]]), ("audio", []), ("prediction", []),
        ("modalities", [["text"]]), ("functions", []), ("function_call", []), ("web_search_options", []), ("best_of", [1]),
        ("echo", [false]), ("suffix", [""]),
    ]

    static func chat(_ request: JSONObject) throws(AdapterError) -> JSONObject {
        guard let messages = request["messages"]?.arrayValue, !messages.isEmpty else {
            throw .invalid("'messages' must be a list with a message")
        }
        var body: JSONObject = [:]
        var list: [JSONValue] = []
        for (index, message) in messages.enumerated() { list.append(try self.message(message, at: "messages[\(index)]")) }
        body["messages"] = .array(list)
        try addCommon(request, to: &body)
        if let tools = request["tools"]?.arrayValue, !tools.isEmpty {
            body["tools"] = .array(tools)
            switch request["tool_choice"] {
            case nil, .null, .string("auto"): break
            case .string("none"): body["tool_choice"] = "NONE"
            case .string("required"): body["tool_choice"] = "REQUIRED"
            default: throw .unsupported("Cohere's models can't be told which tool to call: 'tool_choice' must be auto, none or required")
            }
        }
        return body
    }

    static func completion(_ request: JSONObject) throws(AdapterError) -> JSONObject {
        let prompts = request["prompt"]?.stringValue.map { [$0] } ?? request["prompt"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard prompts.count == 1, let prompt = prompts.first else { throw .unsupported("Cohere's models take one 'prompt', a text") }
        var body: JSONObject = ["messages": [["role": "user", "content": .string(prompt)]]]
        try addCommon(request, to: &body)
        return body
    }

    private static func message(_ message: JSONValue, at place: String) throws(AdapterError) -> JSONValue {
        guard var object = message.objectValue, let role = object["role"]?.stringValue,
            ["system", "developer", "user", "assistant", "tool"].contains(role)
        else { throw .invalid("'\(place).role' must be system, developer, user, assistant or tool") }
        if role == "developer" { object["role"] = "system" }
        for (index, part) in (object["content"]?.arrayValue ?? []).enumerated() {
            guard let type = part["type"]?.stringValue else { throw .invalid("'\(place).content[\(index)].type' is missing") }
            guard ["text", "image_url"].contains(type) else {
                throw .unsupported("Cohere's models can't take parts of type '\(type)' ('\(place).content[\(index)]')")
            }
        }
        if object["content"] == .null { object["content"] = nil }
        for name in ["name", "refusal", "audio", "reasoning_content", "annotations"] { object[name] = nil }
        return .object(object)
    }

    private static func addCommon(_ request: JSONObject, to body: inout JSONObject) throws(AdapterError) {
        for (name, neutral) in unsupported {
            guard let value = request[name], value != .null, !neutral.contains(value) else { continue }
            throw .unsupported("Cohere's models can't do '\(name)'")
        }
        let names = [
            ("top_p", "p"), ("top_k", "k"), ("seed", "seed"), ("frequency_penalty", "frequency_penalty"),
            ("presence_penalty", "presence_penalty"), ("max_tokens", "max_tokens"), ("max_completion_tokens", "max_tokens"),
            ("thinking", "thinking"),
        ]
        for (ours, theirs) in names {
            if let value = request[ours], value != .null { body[theirs] = value }
        }
        // OpenAI's temperatures go to 2, Cohere's to 1: what is hotter is as hot as it gets.
        if let temperature = request["temperature"]?.doubleValue { body["temperature"] = .number(min(temperature, 1)) }
        if let stop = request["stop"], stop != .null { body["stop_sequences"] = stop.stringValue.map { [.string($0)] } ?? stop }
        switch request["response_format"]?["type"]?.stringValue {
        case nil, "text": break
        case "json_object": body["response_format"] = ["type": "json_object"]
        case "json_schema":
            guard let schema = request["response_format"]?["json_schema"]?["schema"] else {
                throw .invalid("'response_format.json_schema.schema' is missing")
            }
            body["response_format"] = ["type": "json_object", "json_schema": schema]
        default: throw .invalid("'response_format.type' must be text, json_object or json_schema")
        }
    }
}
