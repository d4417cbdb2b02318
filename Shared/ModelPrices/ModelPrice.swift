/// What a model of a provider costs.
package struct ModelPrice: Sendable, Equatable {
    /// The price of one service tier.
    package struct Tier: Sendable, Equatable {
        package var rates: TokenRates
        /// The prices of long prompts, by rising thresholds.
        package var longContext: [LongContext]

        package init(_ rates: TokenRates, longContext: [LongContext] = []) {
            self.rates = rates
            self.longContext = longContext.sorted { $0.threshold < $1.threshold }
        }

        /// The rates for a prompt with so many tokens.
        func rates(prompt: Int64) -> TokenRates { longContext.last { prompt > $0.threshold }?.rates ?? rates }
    }

    /// The rates for all tokens of a request whose prompt has more tokens than the threshold.
    package struct LongContext: Sendable, Equatable {
        package var threshold: Int64
        package var rates: TokenRates

        package init(threshold: Int64, rates: TokenRates) {
            self.threshold = threshold
            self.rates = rates
        }
    }

    package var standard: Tier
    /// By the names that providers give them: `priority`, `flex`; `fast` is Anthropic's fast mode.
    package var serviceTiers: [String: Tier]
    /// Thousandths by which all token prices are multiplied, by Anthropic's `inference_geo`.
    package var inferenceGeo: [String: Int64]
    /// For one search of the web, in billionths of a US dollar; `nil`: unknown.
    package var webSearch: Int64?
    /// The most tokens that the model gives in one answer, if known.
    package var maxOutputTokens: Int64?

    package init(
        _ standard: Tier, serviceTiers: [String: Tier] = [:], inferenceGeo: [String: Int64] = [:], webSearch: Int64? = nil,
        maxOutputTokens: Int64? = nil
    ) {
        self.standard = standard
        self.serviceTiers = serviceTiers
        self.inferenceGeo = inferenceGeo
        self.webSearch = webSearch
        self.maxOutputTokens = maxOutputTokens
    }

    package init(_ rates: TokenRates, maxOutputTokens: Int64? = nil) {
        self.init(Tier(rates), maxOutputTokens: maxOutputTokens)
    }

    /// The most that a request is counted with: 100,000 dollars. Sums of such don't overflow.
    package static let most: Int64 = 100_000_000_000_000

    /// What an answer costs, rounded up to billionths of a dollar; at most `most`.
    ///
    /// - Returns: `nil` when something in it has no known price: its service tier, where it was computed, audio or searches.
    package func cost(of usage: BilledUsage) -> ModelCost? {
        guard let factor = factor(usage.inferenceGeo), let tier = tier(usage.serviceTier) else { return nil }
        // A tier without a price for long prompts has none for them, if others cost more then.
        let prompt = usage.promptTokens
        if tier.longContext.isEmpty, let first = standard.longContext.first, prompt > first.threshold { return nil }
        guard let tokens = tier.rates(prompt: prompt).cost(of: usage) else { return nil }
        var searches: Int64 = 0
        if usage.webSearches > 0 {
            guard let webSearch else { return nil }
            searches = min(Saturating.product(usage.webSearches, webSearch), Self.most)
        }
        let input = Self.scaled(tokens.input, factor)
        let total = Self.billionths(Saturating.sum([input, Self.scaled(tokens.output, factor)]))
        let all = min(Self.most, total + searches)
        // Only the sum is rounded up, so that the parts add up to it.
        return ModelCost(input: min(all, input / 1000 + searches), output: max(0, all - min(all, input / 1000 + searches)))
    }

    /// The most that a request can cost in billionths of a dollar, at any tier that may serve it, with any use of the prompt cache;
    /// at most `most`.
    package func mostExpensive(prompt: Int64, completion: Int64, terms: PriceTerms) -> Int64 {
        let multiple = terms.inferenceGeo.map { factor($0) ?? 1000 } ?? max(1000, inferenceGeo.values.max() ?? 1000)
        let costs = candidates(terms.tier).flatMap { tier in
            let long = tier.longContext.isEmpty ? standard.longContext : tier.longContext
            let rates = [tier.rates] + long.filter { prompt > $0.threshold }.map(\.rates)
            return rates.map { $0.mostExpensive(prompt: prompt, completion: completion, terms: terms) }
        }
        return Self.billionths(Self.scaled(costs.max() ?? 0, multiple))
    }

    /// The tiers that may serve a request.
    private func candidates(_ tier: PriceTerms.Tier) -> [Tier] {
        switch tier {
        case .standard: [standard]
        case .named(let name): [standard] + [self.tier(name)].compactMap { $0 }
        case .providersChoice: [standard] + serviceTiers.filter { !ServiceTier.onRequest.contains($0.key) }.map(\.value)
        }
    }

    /// The price of a tier; `nil` when it isn't known.
    package func tier(_ name: String?) -> Tier? {
        guard let name, !ServiceTier.isStandard(name) else { return standard }
        return serviceTiers[name.lowercased()] ?? (standard.rates.isFree ? standard : nil)
    }

    /// The thousandths of a place; `nil` when they aren't known.
    package func factor(_ geo: String?) -> Int64? {
        guard let geo, !["", "global", "not_available"].contains(geo) else { return 1000 }
        return inferenceGeo[geo] ?? (standard.rates.isFree ? 1000 : nil)
    }

    private static func scaled(_ amount: Int64, _ thousandths: Int64) -> Int64 {
        guard thousandths != 1000 else { return amount }
        // Rounded up; what is beyond the largest number stays there.
        let product = Saturating.product(amount, thousandths)
        return product == .max ? .max : product / 1000 + (product % 1000 == 0 ? 0 : 1)
    }

    private static func billionths(_ amount: Int64) -> Int64 { min(most, amount / 1000 + (amount % 1000 == 0 ? 0 : 1)) }

    /// With Anthropic's multiples for its prompt cache where no price is given.
    var withAnthropicsCache: ModelPrice {
        func filled(_ tier: Tier) -> Tier {
            Tier(
                tier.rates.withAnthropicsCache,
                longContext: tier.longContext.map { LongContext(threshold: $0.threshold, rates: $0.rates.withAnthropicsCache) })
        }
        var price = self
        price.standard = filled(standard)
        price.serviceTiers = serviceTiers.mapValues(filled)
        return price
    }
}
