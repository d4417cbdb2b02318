package import Primitives

/// The prices of single tokens.
package struct TokenRates: Sendable, Equatable {
    /// The rate for prompt tokens.
    package var input: PicoDollars
    /// The rate for completion tokens.
    package var output: PicoDollars
    /// The rate for prompt tokens read from the prompt cache; `nil` for the input rate.
    package var cachedInput: PicoDollars?
    /// The rate for prompt tokens written to the prompt cache with the default lifetime; `nil` for the input rate.
    package var cacheWrite: PicoDollars?
    /// The rate for prompt tokens written to the prompt cache for one hour; `nil` for the rate of other writes.
    package var cacheWrite1h: PicoDollars?
    /// The rate for audio in the prompt; `nil` if unknown.
    package var audioInput: PicoDollars?
    /// The rate for audio in the response; `nil` if unknown.
    package var audioOutput: PicoDollars?

    package init(
        input: PicoDollars, output: PicoDollars, cachedInput: PicoDollars? = nil, cacheWrite: PicoDollars? = nil,
        cacheWrite1h: PicoDollars? = nil, audioInput: PicoDollars? = nil, audioOutput: PicoDollars? = nil
    ) {
        self.input = input
        self.output = output
        self.cachedInput = cachedInput
        self.cacheWrite = cacheWrite
        self.cacheWrite1h = cacheWrite1h
        self.audioInput = audioInput
        self.audioOutput = audioOutput
    }

    /// The price of a token in dollars per million tokens.
    package static func perMillion(_ dollars: Double) -> PicoDollars { PicoDollars(Int64((dollars * 1_000_000).rounded())) }

    /// Whether the model is free, as self-hosted models are.
    package var isFree: Bool { input == .zero && output == .zero }

    /// The cost of input and output.
    ///
    /// - Returns: `nil` when there are audio tokens with an unknown price.
    func cost(of usage: BilledUsage) -> (input: PicoDollars, output: PicoDollars)? {
        let prompt = max(usage.promptTokens, 0)
        let read = min(max(usage.cachedTokens, 0), prompt)
        let written = min(max(usage.cacheWriteTokens, 0), prompt - read)
        let writtenForAnHour = min(max(usage.cacheWrite1hTokens, 0), written)
        // Cached tokens have the cache rates, whether they are text or audio.
        let promptAudio = min(max(usage.promptAudioTokens, 0), prompt - read - written)
        let completion = max(usage.completionTokens, 0)
        let completionAudio = min(max(usage.completionAudioTokens, 0), completion)
        guard promptAudio == 0 || audioInput != nil || isFree, completionAudio == 0 || audioOutput != nil || isFree else {
            return nil
        }
        let shortWrite = cacheWrite ?? input
        let inputCost =
            input * (prompt - read - written - promptAudio) + (cachedInput ?? input) * read + shortWrite * (written - writtenForAnHour)
            + (cacheWrite1h ?? shortWrite) * writtenForAnHour + (audioInput ?? .zero) * promptAudio
        let outputCost = output * (completion - completionAudio) + (audioOutput ?? .zero) * completionAudio
        return (inputCost, outputCost)
    }

    /// The maximum cost of the tokens with any use of the prompt cache.
    func maximumCost(prompt: Int64, completion: Int64, options: PricingOptions) -> PicoDollars {
        let inputs = [input, cachedInput, cacheWrite, cacheWrite1h, options.hasAudioInput ? audioInput : nil].compactMap(\.self)
        let outputs = [output, options.hasAudioOutput ? audioOutput : nil].compactMap(\.self)
        return (inputs.max() ?? input) * max(prompt, 0) + (outputs.max() ?? output) * max(completion, 0)
    }

    /// The rates with Anthropic's multipliers of the input rate for the prompt cache, where no cache rate is given: 0.1 for reads, 1.25 for
    /// writes, 2 for writes for one hour (platform.claude.com/docs/en/about-claude/pricing).
    var withAnthropicCacheRates: TokenRates {
        var rates = self
        rates.cachedInput = cachedInput ?? input / 10
        rates.cacheWrite = cacheWrite ?? input * 5 / 4
        rates.cacheWrite1h = cacheWrite1h ?? input * 2
        return rates
    }
}
