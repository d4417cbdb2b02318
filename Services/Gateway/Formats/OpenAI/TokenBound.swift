package import JSON

/// How many tokens a request can cost at most, known before the provider has counted: for limits and budgets that must hold.
///
/// Reads requests of OpenAI's APIs, of Anthropic's Messages API and of MLflow 2.5, and any JSON without failing. What isn't in the
/// request, such as the response before (`previous_response_id`) or a file at an address, isn't counted; see `RequestPricing`.
package struct TokenBound: Sendable, Equatable {
    /// Tokens of the prompt, at most: a token is a byte of text at least.
    package let prompt: Int64
    /// The longest answer that was asked for, for each choice; `nil` where none was.
    package let completionPerChoice: Int64?
    /// How many answers the request asks for; 1 at least.
    package let choices: Int64

    /// What an image costs at most, whatever its size: providers scale them down. The dearest is one of eight tiles for gpt-4o-mini.
    package static let attachment: Int64 = 50_000
    /// The members that limit a response in any of the APIs.
    package static let limitMembers = ["max_completion_tokens", "max_tokens", "max_output_tokens"]
    /// What providers put around a message or a tool.
    package static let messageOverhead: Int64 = 16
    /// What providers say to a model that gets tools, or a form for its response, beside what the request says of them.
    package static let instructions: Int64 = 1000
    /// What they say of a tool of their own, which the request only names.
    package static let builtInTool: Int64 = 2000

    /// - Parameter limits: the members that limit a response in the request's API: what another API calls so, no provider obeys.
    package init(_ request: JSONObject, limits: [String] = Self.limitMembers) {
        var counter = PromptTokenCounter()
        counter.count(request)
        prompt = counter.tokens
        let bounds = limits.compactMap { request[$0]?.wholeNumber }
        completionPerChoice = bounds.filter { $0 > 0 }.max()
        let choices = ["n", "best_of", "candidate_count"].compactMap { request[$0]?.wholeNumber }.max() ?? 1
        // Every prompt of a list gets answers of its own.
        let prompts = request["prompt"]?.arrayValue.map { $0.contains { $0.wholeNumber == nil } ? Int64($0.count) : 1 } ?? 1
        self.choices = Self.product(max(choices, 1), max(prompts, 1))
    }

    /// Tokens of all answers, at most; `nil` where the request sets no bound.
    package var completion: Int64? { completionPerChoice.map { Self.product($0, choices) } }

    /// Tokens of all answers, at most.
    ///
    /// - Parameter maximum: the longest answer that the model can give; what the request asks for beyond it isn't given.
    package func completion(maximum: Int64) -> Int64 {
        Self.product(min(completionPerChoice ?? maximum, maximum), choices)
    }

    private static func product(_ left: Int64, _ right: Int64) -> Int64 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? .max : product
    }
}

extension JSONValue {
    /// A whole number; no text.
    fileprivate var wholeNumber: Int64? { doubleValue == nil ? nil : integerValue }
}
