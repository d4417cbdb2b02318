internal import AdapterKit
internal import JSON

/// Translates OpenAI's chat and completion requests into Cohere's API, whose messages and tools are similar.
enum ChatRequest {
    /// The subject of error messages.
    static let models = "Cohere's models"

    /// Parameters without a counterpart at Cohere. Neutral values are accepted.
    private static let unsupported: [OpenAIRequest.UnsupportedParameter] = [
        ("n", [1]), ("logprobs", [false]), ("top_logprobs", []), ("logit_bias", [[:]]), ("audio", []), ("prediction", []),
        ("modalities", [["text"]]), ("functions", []), ("function_call", []), ("web_search_options", []), ("best_of", [1]),
        ("echo", [false]), ("suffix", [""]), ("reasoning_effort", ["none"]),
    ]

    static func chat(_ request: JSONObject) throws(AdapterError) -> JSONObject {
        let messages = try OpenAIRequest.messages(request)
        var body: JSONObject = [:]
        var list: [JSONValue] = []
        for (index, message) in messages.enumerated() { list.append(try self.message(message, at: "messages[\(index)]")) }
        body["messages"] = .array(list)
        try addCommon(request, to: &body)
        if let tools = request["tools"]?.arrayValue, !tools.isEmpty {
            body["tools"] = .array(tools.map(tool))
            if tools.contains(where: { $0["function"]?["strict"] == true }) { body["strict_tools"] = true }
            switch request["tool_choice"] {
            case nil, .null, .string("auto"): break
            case .string("none"): body["tool_choice"] = "NONE"
            case .string("required"): body["tool_choice"] = "REQUIRED"
            default:
                throw .unsupported("\(models) don't support the choice of a specific tool: 'tool_choice' must be auto, none or required")
            }
        }
        return body
    }

    static func completion(_ request: JSONObject) throws(AdapterError) -> JSONObject {
        let prompt = try OpenAIRequest.prompt(request, of: models)
        var body: JSONObject = ["messages": [["role": "user", "content": .string(prompt)]]]
        try addCommon(request, to: &body)
        return body
    }

    private static func message(_ message: JSONValue, at path: String) throws(AdapterError) -> JSONValue {
        guard var object = message.objectValue, let role = object["role"]?.stringValue,
            ["system", "developer", "user", "assistant", "tool"].contains(role)
        else { throw .invalid("'\(path).role' must be system, developer, user, assistant or tool") }
        if role == "developer" { object["role"] = "system" }
        for (index, part) in (object["content"]?.arrayValue ?? []).enumerated() {
            guard let type = part["type"]?.stringValue else { throw .invalid("'\(path).content[\(index)].type' is missing") }
            guard ["text", "image_url"].contains(type) else {
                throw .unsupported("\(models) don't accept parts of type '\(type)' ('\(path).content[\(index)]')")
            }
        }
        object = only(["role", "content", "tool_call_id", "tool_plan"], of: object)
        if let calls = message["tool_calls"]?.arrayValue, !calls.isEmpty {
            object["tool_calls"] = .array(
                calls.map { call in
                    let function = only(["name", "arguments"], of: call["function"]?.objectValue ?? [:])
                    return ["id": call["id"] ?? "", "type": "function", "function": .object(function)]
                })
        }
        return .object(object)
    }

    private static func tool(_ tool: JSONValue) -> JSONValue {
        let function = only(["name", "description", "parameters"], of: tool["function"]?.objectValue ?? [:])
        return ["type": tool["type"] ?? "function", "function": .object(function)]
    }

    /// The given members of an object. Cohere rejects unknown ones.
    private static func only(_ names: [String], of object: JSONObject) -> JSONObject {
        JSONObject(object.members.filter { names.contains($0.name) && $0.value != .null })
    }

    private static func addCommon(_ request: JSONObject, to body: inout JSONObject) throws(AdapterError) {
        try OpenAIRequest.rejectUnsupported(unsupported, in: request, of: models)
        let names = [
            ("top_p", "p"), ("top_k", "k"), ("seed", "seed"), ("frequency_penalty", "frequency_penalty"),
            ("presence_penalty", "presence_penalty"), ("max_tokens", "max_tokens"), ("max_completion_tokens", "max_tokens"),
            ("thinking", "thinking"),
        ]
        OpenAIRequest.mapParameters(names, from: request, to: &body)
        // OpenAI's temperatures range up to 2, Cohere's up to 1. Higher ones are clamped.
        if let temperature = request["temperature"]?.doubleValue { body["temperature"] = .number(min(temperature, 1)) }
        body["stop_sequences"] = OpenAIRequest.stopSequences(request)
        switch try OpenAIRequest.responseFormat(request) {
        case .text: break
        case .json: body["response_format"] = ["type": "json_object"]
        case .schema(let schema): body["response_format"] = ["type": "json_object", "json_schema": schema]
        }
    }
}
