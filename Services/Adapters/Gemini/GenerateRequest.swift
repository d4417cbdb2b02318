internal import AdapterKit
internal import JSON

/// A request for a chat or a completion, as OpenAI's API has it, turned into one of `generateContent`.
enum GenerateRequest {
    /// What nothing at Gemini corresponds to, with the values that change nothing.
    private static let unsupported: [(name: String, neutral: [JSONValue])] = [
        ("logit_bias", [[:]]), ("prediction", []), ("functions", []), ("function_call", []), ("web_search_options", []),
        ("best_of", [1]), ("echo", [false]), ("suffix", [""]), ("logprobs", [false]), ("top_logprobs", []),
    ]

    static func chat(_ request: JSONObject) throws(AdapterError) -> JSONObject {
        guard let messages = request["messages"]?.arrayValue, !messages.isEmpty else {
            throw .invalid("'messages' must be a list with a message")
        }
        let contents = try Contents(messages)
        var body: JSONObject = ["contents": .array(contents.turns)]
        if !contents.system.isEmpty { body["systemInstruction"] = ["parts": .array(contents.system)] }
        if let tools = request["tools"]?.arrayValue, !tools.isEmpty {
            body["tools"] = [["functionDeclarations": .array(try tools.map(declaration))]]
            body["toolConfig"] = try toolConfig(request["tool_choice"])
        }
        body["generationConfig"] = try generationConfig(request)
        return body
    }

    static func completion(_ request: JSONObject) throws(AdapterError) -> JSONObject {
        let prompts = request["prompt"]?.stringValue.map { [$0] } ?? request["prompt"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard prompts.count == 1, let prompt = prompts.first else { throw .unsupported("Gemini's models take one 'prompt', a text") }
        var body: JSONObject = ["contents": [["role": "user", "parts": [["text": .string(prompt)]]]]]
        body["generationConfig"] = try generationConfig(request)
        return body
    }

    private static func generationConfig(_ request: JSONObject) throws(AdapterError) -> JSONValue? {
        for (name, neutral) in unsupported {
            guard let value = request[name], value != .null, !neutral.contains(value) else { continue }
            throw .unsupported("Gemini's models can't do '\(name)'")
        }
        var config = JSONObject()
        let names = [
            ("temperature", "temperature"), ("top_p", "topP"), ("top_k", "topK"), ("n", "candidateCount"), ("seed", "seed"),
            ("presence_penalty", "presencePenalty"), ("frequency_penalty", "frequencyPenalty"), ("max_tokens", "maxOutputTokens"),
            ("max_completion_tokens", "maxOutputTokens"),
        ]
        for (ours, theirs) in names {
            if let value = request[ours], value != .null { config[theirs] = value }
        }
        if let stop = request["stop"], stop != .null { config["stopSequences"] = stop.stringValue.map { [.string($0)] } ?? stop }
        switch request["response_format"]?["type"]?.stringValue {
        case nil, "text": break
        case "json_object": config["responseMimeType"] = "application/json"
        case "json_schema":
            guard let schema = request["response_format"]?["json_schema"]?["schema"] else {
                throw .invalid("'response_format.json_schema.schema' is missing")
            }
            config["responseMimeType"] = "application/json"
            config["responseJsonSchema"] = schema
        default: throw .invalid("'response_format.type' must be text, json_object or json_schema")
        }
        return config.members.isEmpty ? nil : .object(config)
    }

    private static func declaration(_ tool: JSONValue) throws(AdapterError) -> JSONValue {
        guard tool["type"] == "function" else { throw .unsupported("Gemini's models can be given tools of type 'function' only") }
        guard let function = tool["function"], let name = function["name"] else { throw .invalid("a tool's function must have a name") }
        var declaration: JSONObject = ["name": name]
        if let description = function["description"], description != .null { declaration["description"] = description }
        if let parameters = function["parameters"], parameters != .null { declaration["parametersJsonSchema"] = parameters }
        return .object(declaration)
    }

    private static func toolConfig(_ choice: JSONValue?) throws(AdapterError) -> JSONValue? {
        var config: JSONObject
        switch choice {
        case nil, .null, .string("auto"): return nil
        case .string("none"): config = ["mode": "NONE"]
        case .string("required"): config = ["mode": "ANY"]
        case .object(let choice):
            guard let name = choice["function"]?["name"] else { throw .invalid("'tool_choice.function.name' is missing") }
            config = ["mode": "ANY", "allowedFunctionNames": [name]]
        default: throw .invalid("'tool_choice' must be none, auto, required or a function")
        }
        return ["functionCallingConfig": .object(config)]
    }
}
