internal import AdapterKit
internal import JSON

/// Translates OpenAI's chat and completion requests into Converse.
enum ConverseRequest {
    /// The subject of error messages.
    static let models = "Bedrock's models"

    /// Parameters without a counterpart in Converse and in the formats of InvokeModel. Neutral values are accepted.
    static let unsupported: [OpenAIRequest.UnsupportedParameter] = [
        ("n", [1]), ("seed", []), ("logprobs", [false]), ("top_logprobs", []), ("logit_bias", [[:]]),
        ("frequency_penalty", [0, 0.0]), ("presence_penalty", [0, 0.0]), ("audio", []), ("prediction", []),
        ("modalities", [["text"]]), ("functions", []), ("function_call", []), ("web_search_options", []), ("best_of", [1]),
        ("echo", [false]), ("suffix", [""]), ("reasoning_effort", ["none"]), ("parallel_tool_calls", [true]),
    ]

    static func chat(_ request: JSONObject, model: ModelID) throws(AdapterError) -> JSONObject {
        let conversation = try Conversation(try OpenAIRequest.messages(request))
        var body: JSONObject = ["messages": .array(conversation.turns)]
        if !conversation.system.isEmpty { body["system"] = .array(conversation.system) }
        try addCommon(request, model: model, to: &body)
        body["toolConfig"] = try Tools.config(request, isUsed: conversation.usesTools)
        switch try OpenAIRequest.responseFormat(request) {
        case .text: break
        case .json: throw .unsupported("\(models) require a schema: use a 'response_format' of type json_schema")
        case .schema(let schema):
            // Converse expects the schema as a string.
            var definition: JSONObject = ["schema": .string(schema.jsonString)]
            let described = request["response_format"]?["json_schema"]?.objectValue ?? [:]
            OpenAIRequest.mapParameters(["name", "description"].map { ($0, $0) }, from: described, to: &definition)
            let structure: JSONValue = ["jsonSchema": .object(definition)]
            body["outputConfig"] = ["textFormat": ["type": "json_schema", "structure": structure]]
        }
        return body
    }

    /// Translates a completion request: the prompt becomes the user's message.
    static func completion(_ request: JSONObject, model: ModelID) throws(AdapterError) -> JSONObject {
        let prompt = try OpenAIRequest.prompt(request, of: models)
        var body: JSONObject = ["messages": [["role": "user", "content": [["text": .string(prompt)]]]]]
        try addCommon(request, model: model, to: &body)
        return body
    }

    private static func addCommon(_ request: JSONObject, model: ModelID, to body: inout JSONObject) throws(AdapterError) {
        try OpenAIRequest.rejectUnsupported(unsupported, in: request, of: models)
        var config = JSONObject()
        if let limit = OpenAIRequest.maximumTokens(request) { config["maxTokens"] = .integer(limit) }
        config["temperature"] = temperature(request)
        OpenAIRequest.mapParameters([("top_p", "topP")], from: request, to: &config)
        config["stopSequences"] = OpenAIRequest.stopSequences(request)
        if !config.members.isEmpty { body["inferenceConfig"] = .object(config) }
        var additional = JSONObject()
        OpenAIRequest.mapParameters(["top_k", "thinking"].map { ($0, $0) }, from: request, to: &additional)
        if !additional.members.isEmpty {
            // Converse has no parameters for these, and each vendor has its own names; these are Anthropic's. A model ID of unknown
            // family may belong to one of Anthropic's models.
            guard [.claude, nil].contains(model.family) else {
                throw .unsupported("of \(models), only Anthropic's support '\(additional.members[0].name)'")
            }
            body["additionalModelRequestFields"] = .object(additional)
        }
        // Bedrock has no counterpart of OpenAI's "auto": omitting the tier has the same meaning.
        if let tier = request["service_tier"], ["default", "flex", "priority", "reserved"].contains(tier) {
            body["serviceTier"] = ["type": tier]
        }
    }

    /// The temperature, clamped: OpenAI's range up to 2, Bedrock's up to 1.
    static func temperature(_ request: JSONObject) -> JSONValue? {
        request["temperature"]?.doubleValue.map { .number(min($0, 1)) }
    }
}
