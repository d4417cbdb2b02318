package import Primitives

/// The billed usage of one response: token counts and everything else that determines the price.
package struct BilledUsage: Sendable, Equatable {
    /// All input tokens, including those that the provider read from or wrote to its prompt cache.
    package var promptTokens: Int64
    /// All output tokens.
    package var completionTokens: Int64
    /// The part of `promptTokens` that was read from the prompt cache.
    package var cachedTokens: Int64 = 0
    /// The part of `promptTokens` that was written to the prompt cache, with any lifetime.
    package var cacheWriteTokens: Int64 = 0
    /// The part of `cacheWriteTokens` with a lifetime of one hour.
    package var cacheWrite1hTokens: Int64 = 0
    /// The part of `promptTokens` that is audio.
    package var promptAudioTokens: Int64 = 0
    /// The part of `completionTokens` that is audio.
    package var completionAudioTokens: Int64 = 0
    /// The number of web searches by the provider.
    package var webSearches: Int64 = 0
    /// The provider's name of the service tier that served the request; `nil` for the default tier.
    package var serviceTier: String?
    /// Anthropic's `inference_geo`, where the request was processed; `nil` for anywhere.
    package var inferenceGeo: String?

    package init(promptTokens: Int64, completionTokens: Int64) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
    }
}

/// The cost of a response.
package struct ModelCost: Sendable, Equatable {
    /// The cost of the prompt and of web searches, whose results the model reads.
    package var input: NanoDollars
    /// The cost of the completion.
    package var output: NanoDollars

    /// The sum of input and output.
    package var total: NanoDollars { input + output }

    /// No cost.
    package static let zero = ModelCost(input: .zero, output: .zero)

    package init(input: NanoDollars, output: NanoDollars) {
        self.input = input
        self.output = output
    }

    /// The amounts in US dollars under MLflow's names (mlflow/tracing/constant.py).
    package var dollars: [(name: String, amount: Double)] {
        [("input_cost", input), ("output_cost", output), ("total_cost", total)].map { ($0, $1.dollars) }
    }
}
