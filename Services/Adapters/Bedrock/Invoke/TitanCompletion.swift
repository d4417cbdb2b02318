internal import AdapterKit
internal import JSON

/// Titan's format of completions: "Inference request parameters and response fields for foundation models" in Bedrock's user guide.
enum TitanCompletion: CompletionFormat {
    private static let models = "Titan's models"

    static func body(_ request: JSONObject) throws(AdapterError) -> JSONObject {
        try OpenAIRequest.rejectUnsupported(ConverseRequest.unsupported + [("top_k", [])], in: request, of: models)
        var config = JSONObject()
        if let limit = OpenAIRequest.maximumTokens(request) { config["maxTokenCount"] = .integer(limit) }
        config["temperature"] = ConverseRequest.temperature(request)
        OpenAIRequest.mapParameters([("top_p", "topP")], from: request, to: &config)
        config["stopSequences"] = OpenAIRequest.stopSequences(request)
        var body: JSONObject = ["inputText": .string(try OpenAIRequest.prompt(request, of: models))]
        if !config.members.isEmpty { body["textGenerationConfig"] = .object(config) }
        return body
    }

    static func decodeResponse(_ response: JSONObject) throws(AdapterError) -> Completion {
        guard let result = response["results"]?.arrayValue?.first else { throw .malformed("the response has no results") }
        return Completion(
            text: result["outputText"]?.stringValue, finishReason: finishReason(result["completionReason"]),
            counts: counts(of: response))
    }

    static func counts(of response: JSONObject) -> TokenCounts {
        let output = response["results"]?.arrayValue?.first?["tokenCount"]?.integerValue
        return TokenCounts(input: response["inputTextTokenCount"]?.integerValue, output: output)
    }

    static func decodeEvent(_ event: JSONObject) -> Completion {
        Completion(
            text: event["outputText"]?.stringValue, finishReason: finishReason(event["completionReason"]),
            counts: TokenCounts(
                input: event["inputTextTokenCount"]?.integerValue, output: event["totalOutputTextTokenCount"]?.integerValue))
    }

    private static func finishReason(_ reason: JSONValue?) -> JSONValue? {
        switch reason?.stringValue {
        case "LENGTH": "length"
        case "CONTENT_FILTERED": "content_filter"
        case nil: nil
        default: "stop"  // FINISH, FINISHED, STOP_CRITERIA_MET
        }
    }
}
