/// Token prices in millionths of a US dollar per million tokens: one dollar per million tokens is 1,000,000.
package struct TokenRates: Sendable, Equatable {
    /// The rate for prompt tokens.
    package var input: Int64
    /// The rate for completion tokens.
    package var output: Int64
    /// The rate for prompt tokens read from the prompt cache; `nil` for the input rate.
    package var cachedInput: Int64?
    /// The rate for prompt tokens written to the prompt cache with the default lifetime; `nil` for the input rate.
    package var cacheWrite: Int64?
    /// The rate for prompt tokens written to the prompt cache for one hour; `nil` for the rate of other writes.
    package var cacheWrite1h: Int64?
    /// The rate for audio in the prompt; `nil` if unknown.
    package var audioInput: Int64?
    /// The rate for audio in the response; `nil` if unknown.
    package var audioOutput: Int64?

    package init(
        input: Int64, output: Int64, cachedInput: Int64? = nil, cacheWrite: Int64? = nil, cacheWrite1h: Int64? = nil,
        audioInput: Int64? = nil, audioOutput: Int64? = nil
    ) {
        self.input = input
        self.output = output
        self.cachedInput = cachedInput
        self.cacheWrite = cacheWrite
        self.cacheWrite1h = cacheWrite1h
        self.audioInput = audioInput
        self.audioOutput = audioOutput
    }

    /// Converts dollars per million tokens to the unit of the rates.
    package static func perMillion(_ dollars: Double) -> Int64 { Int64((dollars * 1_000_000).rounded()) }

    /// Whether the model is free, as self-hosted models are.
    package var isFree: Bool { input == 0 && output == 0 }

    /// The cost of input and output, in 10⁻¹² dollars.
    ///
    /// - Returns: `nil` when there are audio tokens with an unknown price.
    func cost(of usage: BilledUsage) -> (input: Int64, output: Int64)? {
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
        let inputCost = Saturating.sum([
            Saturating.product(prompt - read - written - promptAudio, input), Saturating.product(read, cachedInput ?? input),
            Saturating.product(written - writtenForAnHour, shortWrite),
            Saturating.product(writtenForAnHour, cacheWrite1h ?? shortWrite), Saturating.product(promptAudio, audioInput ?? 0),
        ])
        let outputCost = Saturating.sum([
            Saturating.product(completion - completionAudio, output), Saturating.product(completionAudio, audioOutput ?? 0),
        ])
        return (inputCost, outputCost)
    }

    /// The maximum cost of the tokens, in 10⁻¹² dollars, with any use of the prompt cache.
    func maximumCost(prompt: Int64, completion: Int64, options: PricingOptions) -> Int64 {
        let inputs = [input, cachedInput ?? 0, cacheWrite ?? 0, cacheWrite1h ?? 0, options.hasAudioInput ? audioInput ?? 0 : 0]
        let outputs = [output, options.hasAudioOutput ? audioOutput ?? 0 : 0]
        return Saturating.sum([
            Saturating.product(max(prompt, 0), inputs.max() ?? input), Saturating.product(max(completion, 0), outputs.max() ?? output),
        ])
    }

    /// The rates with Anthropic's multipliers of the input rate for the prompt cache, where no cache rate is given: 0.1 for reads, 1.25 for
    /// writes, 2 for writes for one hour (platform.claude.com/docs/en/about-claude/pricing).
    var withAnthropicCacheRates: TokenRates {
        var rates = self
        rates.cachedInput = cachedInput ?? input / 10
        rates.cacheWrite = cacheWrite ?? Saturating.product(input, 5) / 4
        rates.cacheWrite1h = cacheWrite1h ?? Saturating.product(input, 2)
        return rates
    }
}

/// Saturating arithmetic for counts from a provider, which may have any value.
enum Saturating {
    static func product(_ left: Int64, _ right: Int64) -> Int64 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? .max : product
    }

    static func sum(_ parts: [Int64]) -> Int64 {
        parts.reduce(0) { sum, part in
            let (total, overflow) = sum.addingReportingOverflow(part)
            return overflow ? .max : total
        }
    }
}
