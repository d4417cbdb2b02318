/// What a provider bills for one response: counts of tokens, and what else decides their price.
package struct BilledUsage: Sendable, Equatable {
    /// All input tokens, with those that the provider read from its prompt cache or wrote to it.
    package var promptTokens: Int64
    package var completionTokens: Int64
    /// Of the prompt's: read from the prompt cache.
    package var cachedTokens: Int64 = 0
    /// Of the prompt's: written to the prompt cache, however long they are kept.
    package var cacheWriteTokens: Int64 = 0
    /// Of `cacheWriteTokens`: those that are kept for an hour.
    package var cacheWrite1hTokens: Int64 = 0
    /// Of the prompt's.
    package var promptAudioTokens: Int64 = 0
    /// Of the completion's.
    package var completionAudioTokens: Int64 = 0
    /// Searches of the web that the provider made.
    package var webSearches: Int64 = 0
    /// The tier that served the request, in the provider's words; `nil`: the default one.
    package var serviceTier: String?
    /// Where it was computed, in Anthropic's words; `nil`: anywhere.
    package var inferenceGeo: String?

    package init(promptTokens: Int64, completionTokens: Int64) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
    }
}

/// What a response costs, in billionths of a US dollar; its two parts add up to the total.
package struct ModelCost: Sendable, Equatable {
    /// For the prompt, and for searches, whose results the model reads.
    package var input: Int64
    package var output: Int64

    package var total: Int64 { input + output }

    package static let zero = ModelCost(input: 0, output: 0)

    /// In US dollars, by MLflow's names (mlflow/tracing/constant.py).
    package var dollars: [(name: String, amount: Double)] {
        [("input_cost", input), ("output_cost", output), ("total_cost", total)].map { ($0, Double($1) / 1e9) }
    }
}
