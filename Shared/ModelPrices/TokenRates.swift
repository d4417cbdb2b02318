/// What tokens of a model cost, in millionths of a US dollar for a million tokens: a dollar for a million tokens is 1,000,000.
package struct TokenRates: Sendable, Equatable {
    package var input: Int64
    package var output: Int64
    /// For prompt tokens that the provider reads from its prompt cache; `nil`: as other input.
    package var cachedInput: Int64?
    /// For prompt tokens that the provider writes to its prompt cache, for minutes; `nil`: as other input.
    package var cacheWrite: Int64?
    /// For prompt tokens that are written to the prompt cache for an hour; `nil`: as other writes.
    package var cacheWrite1h: Int64?
    /// For audio in the prompt; `nil`: unknown.
    package var audioInput: Int64?
    /// For audio in the response; `nil`: unknown.
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

    /// Dollars for a million tokens in the unit of these rates.
    package static func perMillion(_ dollars: Double) -> Int64 { Int64((dollars * 1_000_000).rounded()) }

    /// Whether nothing costs anything, as with a model that runs on one's own machine.
    package var isFree: Bool { input == 0 && output == 0 }

    /// The prices of input and output, in millionths of a millionth of a dollar.
    ///
    /// - Returns: `nil` when there are audio tokens of an unknown price.
    func cost(of usage: BilledUsage) -> (input: Int64, output: Int64)? {
        let prompt = max(usage.promptTokens, 0)
        let read = min(max(usage.cachedTokens, 0), prompt)
        let written = min(max(usage.cacheWriteTokens, 0), prompt - read)
        let writtenForAnHour = min(max(usage.cacheWrite1hTokens, 0), written)
        // What the cache holds is priced as such, whether it is text or audio.
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

    /// The most that tokens can cost, in millionths of a millionth of a dollar, whatever the provider reads from its cache or writes
    /// to it.
    func maximumCost(prompt: Int64, completion: Int64, options: PricingOptions) -> Int64 {
        let inputs = [input, cachedInput ?? 0, cacheWrite ?? 0, cacheWrite1h ?? 0, options.hasAudioInput ? audioInput ?? 0 : 0]
        let outputs = [output, options.hasAudioOutput ? audioOutput ?? 0 : 0]
        return Saturating.sum([
            Saturating.product(max(prompt, 0), inputs.max() ?? input), Saturating.product(max(completion, 0), outputs.max() ?? output),
        ])
    }

    /// With the multiples of the input price that Anthropic charges for its prompt cache, where no price is given: a tenth for reads,
    /// 1.25 for writes, 2 for writes that are kept for an hour (platform.claude.com/docs/en/about-claude/pricing).
    var withAnthropicCacheRates: TokenRates {
        var rates = self
        rates.cachedInput = cachedInput ?? input / 10
        rates.cacheWrite = cacheWrite ?? Saturating.product(input, 5) / 4
        rates.cacheWrite1h = cacheWrite1h ?? Saturating.product(input, 2)
        return rates
    }
}

/// Sums and products of counts that a provider has sent, which may be anything: beyond the largest number there is no more.
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
