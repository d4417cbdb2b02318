internal import AdapterKit
internal import JSON

/// A vendor's format of completions in InvokeModel.
protocol CompletionFormat {
    /// Translates a request of OpenAI's API.
    static func body(_ request: JSONObject) throws(AdapterError) -> JSONObject

    /// Decodes a complete response.
    static func decodeResponse(_ response: JSONObject) throws(AdapterError) -> Completion

    /// The usage that a complete response reports, even if the response is otherwise unusable.
    static func counts(of response: JSONObject) -> TokenCounts

    /// Decodes an event of a stream.
    static func decodeEvent(_ event: JSONObject) -> Completion
}

/// A completion, or a part of one.
struct Completion {
    var text: String?
    /// OpenAI's finish reason; `nil` while the completion continues.
    var finishReason: JSONValue?
    var counts = TokenCounts()
    var error: ProviderError?

    /// - Parameter counts: the counts in the response's headers, for models whose body contains none.
    func openAI(using builder: OpenAIResponseBuilder, counts head: TokenCounts) -> DecodedResponse {
        var total = head
        total.update(counts)
        let choice = builder.choice(.string(text ?? ""), finishReason: finishReason ?? .null)
        return DecodedResponse(builder.response([choice], usage: total.usage), usage: total.usage)
    }
}
