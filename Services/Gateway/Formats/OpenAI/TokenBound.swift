package import JSON
internal import Primitives

/// An upper bound on the tokens of a request, known before the provider counts them, for hard limits and budgets.
///
/// Reads requests of OpenAI's APIs, of Anthropic's Messages API and of MLflow 2.5, and accepts any JSON. Content outside the
/// request, such as a previous response (`previous_response_id`) or a file at a URL, isn't counted; see `RequestPricing`.
package struct TokenBound: Sendable, Equatable {
    /// The upper bound on prompt tokens: a token has at least one byte of text.
    package let prompt: Int64
    /// The requested limit on completion tokens per choice; `nil` if the request sets none.
    package let completionPerChoice: Int64?
    /// The number of completions that the request asks for; at least 1.
    package let choices: Int64

    /// The maximum tokens of an image of any size, since providers scale images down. The most expensive case is an image of eight tiles
    /// for gpt-4o-mini.
    package static let attachment: Int64 = 50_000
    /// The members that limit completion tokens in any of the APIs.
    package static let limitMembers = ["max_completion_tokens", "max_tokens", "max_output_tokens"]
    /// The maximum tokens that providers add around a message or a tool.
    package static let messageOverhead: Int64 = 16
    /// The maximum tokens of the instructions that providers add for tools or for a response format.
    package static let instructions: Int64 = 1000
    /// The maximum tokens of the description of a provider's built-in tool.
    package static let builtInTool: Int64 = 2000

    /// - Parameter limits: the members that limit completion tokens in the request's API; providers ignore those of other APIs.
    package init(_ request: JSONObject, limits: [String] = Self.limitMembers) {
        var counter = PromptTokenCounter()
        counter.count(request)
        prompt = counter.tokens
        let bounds = limits.compactMap { request[$0]?.wholeNumber }
        completionPerChoice = bounds.filter { $0 > 0 }.max()
        let choices = ["n", "best_of", "candidate_count"].compactMap { request[$0]?.wholeNumber }.max() ?? 1
        // Every prompt in a list gets its own completions.
        let prompts = request["prompt"]?.arrayValue.map { $0.contains { $0.wholeNumber == nil } ? Int64($0.count) : 1 } ?? 1
        self.choices = max(choices, 1).saturatingMultiply(by: max(prompts, 1))
    }

    /// The upper bound on the tokens of all completions; `nil` if the request sets no limit.
    package var completion: Int64? { completionPerChoice.map { $0.saturatingMultiply(by: choices) } }

    /// The upper bound on the tokens of all completions.
    ///
    /// - Parameter maximum: the model's limit on completion tokens, which caps the requested one.
    package func completion(maximum: Int64) -> Int64 {
        min(completionPerChoice ?? maximum, maximum).saturatingMultiply(by: choices)
    }
}

extension JSONValue {
    /// The integer value of a number; `nil` for a string.
    fileprivate var wholeNumber: Int64? { doubleValue == nil ? nil : integerValue }
}
