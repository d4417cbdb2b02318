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
    /// The most tokens that the model gives in one response, if known.
    package var maxOutputTokens: Int64?
    /// The most tokens that the model takes in one prompt, if known.
    package var contextWindow: Int64?

    package init(
        _ standard: Tier, serviceTiers: [String: Tier] = [:], inferenceGeo: [String: Int64] = [:], webSearch: Int64? = nil,
        maxOutputTokens: Int64? = nil, contextWindow: Int64? = nil
    ) {
        self.standard = standard
        self.serviceTiers = serviceTiers
        self.inferenceGeo = inferenceGeo
        self.webSearch = webSearch
        self.maxOutputTokens = maxOutputTokens
        self.contextWindow = contextWindow
    }

    package init(_ rates: TokenRates, maxOutputTokens: Int64? = nil, contextWindow: Int64? = nil) {
        self.init(Tier(rates), maxOutputTokens: maxOutputTokens, contextWindow: contextWindow)
    }

    /// The most that a request is counted with: 100,000 dollars. Sums of such don't overflow.
    package static let maximum: Int64 = 100_000_000_000_000

    /// What a response costs, rounded up to billionths of a dollar; at most `maximum`.
    ///
    /// - Returns: `nil` when something in it has no known price: its service tier, where it was computed, audio or searches.
    package func cost(of usage: BilledUsage) -> ModelCost? {
        guard let multiplier = geoMultiplier(usage.inferenceGeo), let tokens = rates(of: usage)?.cost(of: usage) else { return nil }
        var searches: Int64 = 0
        if usage.webSearches > 0 {
            guard let webSearch else { return nil }
            searches = min(Saturating.product(usage.webSearches, webSearch), Self.maximum)
        }
        let input = Self.scaled(tokens.input, multiplier)
        let total = Self.billionths(Saturating.sum([input, Self.scaled(tokens.output, multiplier)]))
        let all = min(Self.maximum, total + searches)
        // Only the sum is rounded up, so that the parts add up to it.
        return ModelCost(input: min(all, input / 1000 + searches), output: max(0, all - min(all, input / 1000 + searches)))
    }

    /// The rates for the tokens of a response; `nil` when those of its service tier aren't known.
    package func rates(of usage: BilledUsage) -> TokenRates? {
        guard let tier = tier(usage.serviceTier) else { return nil }
        // A tier without a price for long prompts has none for them, if others cost more then.
        if tier.longContext.isEmpty, let first = standard.longContext.first, usage.promptTokens > first.threshold { return nil }
        return tier.rates(prompt: usage.promptTokens)
    }

    /// The most that a request can cost in billionths of a dollar, at any tier that may serve it, with any use of the prompt cache;
    /// at most `maximum`.
    package func maximumCost(prompt: Int64, completion: Int64, options: PricingOptions) -> Int64 {
        let multiple = options.inferenceGeo.map { geoMultiplier($0) ?? 1000 } ?? max(1000, inferenceGeo.values.max() ?? 1000)
        let costs = candidates(options.tier).map(\.tier).flatMap { tier in
            let long = tier.longContext.isEmpty ? standard.longContext : tier.longContext
            let rates = [tier.rates] + long.filter { prompt > $0.threshold }.map(\.rates)
            return rates.map { $0.maximumCost(prompt: prompt, completion: completion, options: options) }
        }
        return Self.billionths(Self.scaled(costs.max() ?? 0, multiple))
    }

    /// What of a request has no known price at a tier that may serve it.
    package struct UnknownRate: Sendable, Equatable {
        package enum Kind: Sendable, Equatable {
            case audioInput, audioOutput
            /// Prompts with more tokens than this, which cost others at the default tier.
            case longContext(threshold: Int64)
        }

        package var kind: Kind
        /// `nil`: the default one.
        package var tier: String?

        package init(_ kind: Kind, tier: String? = nil) {
            self.kind = kind
            self.tier = tier
        }
    }

    /// The first gap that keeps the most that a request can cost from being known; `nil` if there is none. The request's own tier and place
    /// are for the caller to look up.
    ///
    /// - Parameter prompt: the most tokens that the prompt can have.
    package func unknownRate(prompt: Int64, options: PricingOptions) -> UnknownRate? {
        for (name, tier) in candidates(options.tier) {
            if name != nil, tier.longContext.isEmpty, !tier.rates.isFree, let first = standard.longContext.first, prompt > first.threshold {
                return UnknownRate(.longContext(threshold: first.threshold), tier: name)
            }
            let rates = [tier.rates] + tier.longContext.filter { prompt > $0.threshold }.map(\.rates)
            for rates in rates where !rates.isFree {
                if options.hasAudioInput, rates.audioInput == nil { return UnknownRate(.audioInput, tier: name) }
                if options.hasAudioOutput, rates.audioOutput == nil { return UnknownRate(.audioOutput, tier: name) }
            }
        }
        return nil
    }

    /// The tiers that may serve a request; the default one has no name.
    private func candidates(_ tier: PricingOptions.Tier) -> [(name: String?, tier: Tier)] {
        let standard: (name: String?, tier: Tier) = (nil, standard)
        switch tier {
        case .standard: return [standard]
        case .named(let name): return [standard] + [self.tier(name)].compactMap { $0.map { (name, $0) } }
        case .automatic:
            let others = serviceTiers.filter { !ServiceTier.onRequest.contains($0.key) }.sorted { $0.key < $1.key }
            return [standard] + others.map { ($0.key, $0.value) }
        }
    }

    /// The price of a tier; `nil` when it isn't known.
    package func tier(_ name: String?) -> Tier? {
        guard let name, !ServiceTier.isStandard(name) else { return standard }
        return serviceTiers[name.lowercased()] ?? (standard.rates.isFree ? standard : nil)
    }

    /// The thousandths of a place; `nil` when they aren't known.
    package func geoMultiplier(_ geo: String?) -> Int64? {
        guard let geo, !["", "global", "not_available"].contains(geo) else { return 1000 }
        return inferenceGeo[geo] ?? (standard.rates.isFree ? 1000 : nil)
    }

    private static func scaled(_ amount: Int64, _ thousandths: Int64) -> Int64 {
        guard thousandths != 1000 else { return amount }
        // Rounded up; what is beyond the largest number stays there.
        let product = Saturating.product(amount, thousandths)
        return product == .max ? .max : product / 1000 + (product % 1000 == 0 ? 0 : 1)
    }

    private static func billionths(_ amount: Int64) -> Int64 { min(maximum, amount / 1000 + (amount % 1000 == 0 ? 0 : 1)) }

    /// With Anthropic's multiples for its prompt cache where no price is given.
    var withAnthropicCacheRates: ModelPrice {
        func filled(_ tier: Tier) -> Tier {
            Tier(
                tier.rates.withAnthropicCacheRates,
                longContext: tier.longContext.map { LongContext(threshold: $0.threshold, rates: $0.rates.withAnthropicCacheRates) })
        }
        var price = self
        price.standard = filled(standard)
        price.serviceTiers = serviceTiers.mapValues(filled)
        return price
    }
}
