internal import AdapterKit
internal import JSON

/// A form of completions by InvokeModel.
protocol CompletionFormat {
    /// A request for the model, from one as OpenAI's API has it.
    static func body(_ request: JSONObject) throws(AdapterError) -> JSONObject

    /// A whole response.
    static func decodeResponse(_ response: JSONObject) throws(AdapterError) -> Completion

    /// What a whole response tells that was used, whatever else it is.
    static func counts(of response: JSONObject) -> TokenCounts

    /// An event of a stream.
    static func decodeEvent(_ event: JSONObject) -> Completion
}

/// A completion, or a part of one.
struct Completion {
    var text: String?
    /// In OpenAI's words; `nil` while it goes on.
    var finishReason: JSONValue?
    var counts = TokenCounts()
    var error: ProviderError?

    /// - Parameter counts: what the head of the response says, for models whose body doesn't.
    func openAI(using builder: OpenAIResponseBuilder, counts head: TokenCounts) -> DecodedResponse {
        var total = head
        total.update(counts)
        let choice = builder.choice(.string(text ?? ""), finishReason: finishReason ?? .null)
        return DecodedResponse(builder.response([choice], usage: total.usage), usage: total.usage)
    }
}
