internal import AdapterKit
internal import JSON

/// Translates OpenAI's chat and completion requests into `generateContent`.
enum GenerateContentRequest {
    /// The subject of error messages.
    static let models = "Gemini's models"

    /// Parameters without a counterpart at Gemini. Neutral values are accepted.
    private static let unsupported: [OpenAIRequest.UnsupportedParameter] = [
        ("logit_bias", [[:]]), ("prediction", []), ("functions", []), ("function_call", []), ("web_search_options", []),
        ("best_of", [1]), ("echo", [false]), ("suffix", [""]), ("logprobs", [false]), ("top_logprobs", []),
    ]

    static func chat(_ request: JSONObject, model: String) throws(AdapterError) -> JSONObject {
        let contents = try Contents(try OpenAIRequest.messages(request), needsSignatures: model.hasPrefix("gemini-3"))
        var body: JSONObject = ["contents": .array(contents.turns)]
        if !contents.system.isEmpty { body["systemInstruction"] = ["parts": .array(contents.system)] }
        if let tools = request["tools"]?.arrayValue, !tools.isEmpty {
            body["tools"] = [["functionDeclarations": .array(try tools.map(declaration))]]
            body["toolConfig"] = try toolConfig(request["tool_choice"])
        }
        body["generationConfig"] = try generationConfig(request)
        body["serviceTier"] = serviceTier(request)
        return body
    }

    static func completion(_ request: JSONObject) throws(AdapterError) -> JSONObject {
        let prompt = try OpenAIRequest.prompt(request, of: models)
        var body: JSONObject = ["contents": [["role": "user", "parts": [["text": .string(prompt)]]]]]
        body["generationConfig"] = try generationConfig(request)
        body["serviceTier"] = serviceTier(request)
        return body
    }

    /// Translates the service tier. Gemini's default tier has another name. OpenAI's "auto" has no counterpart: omitting the tier has the
    /// same meaning.
    private static func serviceTier(_ request: JSONObject) -> JSONValue? {
        switch request["service_tier"] {
        case "default", "standard": "standard"
        case "flex", "priority": request["service_tier"]
        default: nil
        }
    }

    private static func generationConfig(_ request: JSONObject) throws(AdapterError) -> JSONValue? {
        try OpenAIRequest.rejectUnsupported(unsupported, in: request, of: models)
        var config = JSONObject()
        let names = [
            ("temperature", "temperature"), ("top_p", "topP"), ("top_k", "topK"), ("n", "candidateCount"), ("seed", "seed"),
            ("presence_penalty", "presencePenalty"), ("frequency_penalty", "frequencyPenalty"), ("max_tokens", "maxOutputTokens"),
            ("max_completion_tokens", "maxOutputTokens"),
        ]
        OpenAIRequest.mapParameters(names, from: request, to: &config)
        config["stopSequences"] = OpenAIRequest.stopSequences(request)
        // As in Google's own OpenAI compatibility.
        switch request["reasoning_effort"] {
        case nil, .null: break
        case "none": config["thinkingConfig"] = ["thinkingBudget": 0]
        case "minimal", "low": config["thinkingConfig"] = ["thinkingBudget": 1024, "includeThoughts": true]
        case "medium": config["thinkingConfig"] = ["thinkingBudget": 8192, "includeThoughts": true]
        case "high": config["thinkingConfig"] = ["thinkingBudget": 24576, "includeThoughts": true]
        default: throw .invalid("'reasoning_effort' must be none, minimal, low, medium or high")
        }
        let format = try OpenAIRequest.responseFormat(request)
        if format != .text { config["responseMimeType"] = "application/json" }
        if case .schema(let schema) = format { config["responseJsonSchema"] = schema }
        return config.members.isEmpty ? nil : .object(config)
    }

    private static func declaration(_ tool: JSONValue) throws(AdapterError) -> JSONValue {
        guard tool["type"] == "function" else { throw .unsupported("\(models) accept only tools of type 'function'") }
        guard let function = tool["function"], let name = function["name"] else {
            throw .invalid("every tool in 'tools' must have a 'function.name'")
        }
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
        default: throw .invalid("'tool_choice' must be none, auto, required or a function object")
        }
        return ["functionCallingConfig": .object(config)]
    }
}
