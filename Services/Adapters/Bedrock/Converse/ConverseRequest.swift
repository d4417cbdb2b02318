internal import AdapterKit
internal import JSON

/// A request for a chat or a completion, as OpenAI's API has it, turned into one of Converse.
enum ConverseRequest {
    /// As errors name them.
    static let models = "Bedrock's models"

    /// What nothing at Bedrock corresponds to, in Converse and in the forms of InvokeModel. A member that has its neutral value
    /// changes nothing and is let through.
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
        case .json: throw .unsupported("\(models) need a schema: use a response_format of type json_schema")
        case .schema(let schema):
            // The schema is a text.
            var definition: JSONObject = ["schema": .string(schema.jsonString)]
            let described = request["response_format"]?["json_schema"]?.objectValue ?? [:]
            OpenAIRequest.mapParameters(["name", "description"].map { ($0, $0) }, from: described, to: &definition)
            let structure: JSONValue = ["jsonSchema": .object(definition)]
            body["outputConfig"] = ["textFormat": ["type": "json_schema", "structure": structure]]
        }
        return body
    }

    /// The prompt is what the user says.
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
            // Each maker has other names for what Converse has none for; these are Anthropic's. A name that doesn't tell the maker
            // may be that of one of Anthropic's models.
            guard [.claude, nil].contains(model.family) else {
                throw .unsupported("of \(models) only Anthropic's can do '\(additional.members[0].name)'")
            }
            body["additionalModelRequestFields"] = .object(additional)
        }
        // OpenAI's "auto" is what no word means here.
        if let tier = request["service_tier"], ["default", "flex", "priority", "reserved"].contains(tier) {
            body["serviceTier"] = ["type": tier]
        }
    }

    /// OpenAI's temperatures go to 2, Bedrock's to 1: what is hotter is as hot as it gets.
    static func temperature(_ request: JSONObject) -> JSONValue? {
        request["temperature"]?.doubleValue.map { .number(min($0, 1)) }
    }
}
