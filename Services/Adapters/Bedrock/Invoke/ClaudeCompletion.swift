internal import AdapterKit
internal import JSON

/// Completions through Anthropic's Messages API: the prompt becomes the user's message.
enum ClaudeCompletion: CompletionFormat {
    /// Anthropic requires a limit; all models accept this one.
    private static let maximumTokens: Int64 = 4096

    static func body(_ request: JSONObject) throws(AdapterError) -> JSONObject {
        try OpenAIRequest.rejectUnsupported(ConverseRequest.unsupported, in: request, of: AnthropicMessages.models)
        let prompt = try OpenAIRequest.prompt(request, of: AnthropicMessages.models)
        var body: JSONObject = [
            "anthropic_version": AnthropicMessages.version,
            "max_tokens": .integer(OpenAIRequest.maximumTokens(request) ?? maximumTokens),
            "messages": [["role": "user", "content": .string(prompt)]],
        ]
        body["temperature"] = ConverseRequest.temperature(request)
        OpenAIRequest.mapParameters(["top_p", "top_k"].map { ($0, $0) }, from: request, to: &body)
        body["stop_sequences"] = OpenAIRequest.stopSequences(request)
        return body
    }

    static func decodeResponse(_ response: JSONObject) throws(AdapterError) -> Completion {
        guard let blocks = response["content"]?.arrayValue else { throw .malformed("the response is not an Anthropic message") }
        let text = blocks.compactMap { $0["text"]?.stringValue }.joined()
        return Completion(text: text, finishReason: finishReason(response["stop_reason"]), counts: counts(of: response))
    }

    static func counts(of response: JSONObject) -> TokenCounts {
        response["usage"].map(TokenCounts.init(message:)) ?? TokenCounts()
    }

    static func decodeEvent(_ event: JSONObject) -> Completion {
        var counts = TokenCounts()
        // The output count at the start of a stream is a placeholder.
        if let usage = event["message"]?["usage"] { counts.update(TokenCounts(message: usage).promptOnly) }
        if let usage = event["usage"] { counts.update(TokenCounts(message: usage)) }
        // The members distinguish the events; message_stop has none.
        return Completion(
            text: event["delta"]?["text"]?.stringValue, finishReason: finishReason(event["delta"]?["stop_reason"]), counts: counts,
            error: AnthropicMessages.error(event))
    }

    private static func finishReason(_ reason: JSONValue?) -> JSONValue? {
        switch reason?.stringValue {
        case "max_tokens", "model_context_window_exceeded": "length"
        case "refusal": "content_filter"
        case nil: nil
        default: "stop"  // end_turn, stop_sequence
        }
    }
}
