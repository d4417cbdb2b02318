internal import AdapterKit
internal import JSON

/// A form of completions by InvokeModel.
protocol CompletionForm {
    /// A request for the model, from one as OpenAI's API has it.
    static func body(_ request: JSONObject) throws(AdapterError) -> JSONObject

    /// A whole answer.
    static func whole(_ answer: JSONObject) throws(AdapterError) -> Completion

    /// What a whole answer tells that was used, whatever else it is.
    static func counts(of answer: JSONObject) -> TokenCounts

    /// An event of a stream.
    static func part(_ event: JSONObject) -> Completion
}

/// A completion, or a part of one.
struct Completion {
    var text: String?
    /// In OpenAI's words; `nil` while it goes on.
    var finishReason: JSONValue?
    var counts = TokenCounts()
    var error: ProviderError?

    /// - Parameter counts: what the head of the answer says, for models whose body doesn't.
    func openAI(in frame: AnswerFrame, counts head: TokenCounts) -> DecodedAnswer {
        var total = head
        total.take(counts)
        let choice = frame.choice(.string(text ?? ""), finishReason: finishReason ?? .null)
        return DecodedAnswer(frame.answer([choice], usage: total.usage), usage: total.usage)
    }
}
