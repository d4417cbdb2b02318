internal import AdapterKit
internal import JSON

/// Llama's format of completions: "Inference request parameters and response fields for foundation models" in Bedrock's user guide.
enum LlamaCompletion: CompletionFormat {
    private static let models = "Llama's models"

    static func body(_ request: JSONObject) throws(AdapterError) -> JSONObject {
        try OpenAIRequest.rejectUnsupported(ConverseRequest.unsupported + [("top_k", []), ("stop", [[]])], in: request, of: models)
        var body: JSONObject = ["prompt": .string(try OpenAIRequest.prompt(request, of: models))]
        if let limit = OpenAIRequest.maximumTokens(request) { body["max_gen_len"] = .integer(limit) }
        body["temperature"] = ConverseRequest.temperature(request)
        OpenAIRequest.mapParameters([("top_p", "top_p")], from: request, to: &body)
        return body
    }

    static func decodeResponse(_ response: JSONObject) throws(AdapterError) -> Completion {
        guard response["generation"]?.stringValue != nil else { throw .malformed("the response has no generation") }
        return decodeEvent(response)
    }

    static func decodeEvent(_ event: JSONObject) -> Completion {
        let reason = event["stop_reason"]?.stringValue
        return Completion(
            text: event["generation"]?.stringValue, finishReason: reason.map { $0 == "length" ? "length" : "stop" },
            counts: counts(of: event))
    }

    static func counts(of response: JSONObject) -> TokenCounts {
        TokenCounts(input: response["prompt_token_count"]?.integerValue, output: response["generation_token_count"]?.integerValue)
    }
}
