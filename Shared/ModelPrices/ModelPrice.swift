package import Primitives

/// The price of a provider's model.
package struct ModelPrice: Sendable, Equatable {
    /// The price of one service tier.
    package struct Tier: Sendable, Equatable {
        /// The rates for prompts below all thresholds.
        package var rates: TokenRates
        /// The rates for long prompts, in ascending order of their thresholds.
        package var longContext: [LongContext]

        package init(_ rates: TokenRates, longContext: [LongContext] = []) {
            self.rates = rates
            self.longContext = longContext.sorted { $0.threshold < $1.threshold }
        }

        /// The rates for a prompt with the given number of tokens.
        func rates(prompt: Int64) -> TokenRates { longContext.last { prompt > $0.threshold }?.rates ?? rates }
    }

    /// The rates for all tokens of a request whose prompt exceeds the threshold.
    package struct LongContext: Sendable, Equatable {
        package var threshold: Int64
        package var rates: TokenRates

        package init(threshold: Int64, rates: TokenRates) {
            self.threshold = threshold
            self.rates = rates
        }
    }

    package var standard: Tier
    /// The prices by the providers' names of service tiers, such as `priority` and `flex`. `fast` is Anthropic's fast mode.
    package var serviceTiers: [String: Tier]
    /// Multipliers for all token prices, in thousandths, by Anthropic's `inference_geo`.
    package var inferenceGeo: [String: Int64]
    /// The price of one web search; `nil` if unknown.
    package var webSearch: NanoDollars?
    /// The maximum number of tokens in a response; `nil` if unknown.
    package var maxOutputTokens: Int64?
    /// The maximum number of tokens in a prompt; `nil` if unknown.
    package var contextWindow: Int64?

    package init(
        _ standard: Tier, serviceTiers: [String: Tier] = [:], inferenceGeo: [String: Int64] = [:], webSearch: NanoDollars? = nil,
        maxOutputTokens: Int64? = nil, contextWindow: Int64? = nil
    ) {
        self.standard = standard
        self.serviceTiers = serviceTiers
        self.inferenceGeo = inferenceGeo
        self.webSearch = webSearch
        self.maxOutputTokens = maxOutputTokens
        self.contextWindow = contextWindow
    }

    /// Creates a price with the same rates for all requests.
    package init(_ rates: TokenRates, maxOutputTokens: Int64? = nil, contextWindow: Int64? = nil) {
        self.init(Tier(rates), maxOutputTokens: maxOutputTokens, contextWindow: contextWindow)
    }

    /// The maximum cost of a request: 100,000 dollars. Sums of such amounts don't overflow.
    package static let maximum = NanoDollars(100_000_000_000_000)

    /// The cost of a response, rounded up to billionths of a dollar and limited to `maximum`.
    ///
    /// - Returns: `nil` when the price of its service tier, `inference_geo`, audio or web searches is unknown.
    package func cost(of usage: BilledUsage) -> ModelCost? {
        guard let multiplier = geoMultiplier(usage.inferenceGeo), let tokens = rates(of: usage)?.cost(of: usage) else { return nil }
        var searches = NanoDollars.zero
        if usage.webSearches > 0 {
            guard let webSearch else { return nil }
            searches = min(webSearch * usage.webSearches, Self.maximum)
        }
        let input = tokens.input.scaled(byThousandths: multiplier)
        let both = NanoDollars(roundingUp: input + tokens.output.scaled(byThousandths: multiplier))
        // Only the sum is rounded up, so that the parts add up to the total.
        let total = min(both + searches, Self.maximum)
        let inputAndSearches = min(NanoDollars(roundingDown: input) + searches, total)
        return ModelCost(input: inputAndSearches, output: total - inputAndSearches)
    }

    /// The rates for the tokens of a response; `nil` when the price of its service tier is unknown.
    package func rates(of usage: BilledUsage) -> TokenRates? {
        guard let tier = tier(usage.serviceTier) else { return nil }
        // If long prompts cost more at the default tier, a tier without long-context rates has no known price for them.
        if tier.longContext.isEmpty, let first = standard.longContext.first, usage.promptTokens > first.threshold { return nil }
        return tier.rates(prompt: usage.promptTokens)
    }

    /// The maximum cost of a request, at any tier that may serve it and with any use of the prompt cache,
    /// limited to `maximum`.
    package func maximumCost(prompt: Int64, completion: Int64, options: PricingOptions) -> NanoDollars {
        let multiple = options.inferenceGeo.map { geoMultiplier($0) ?? 1000 } ?? max(1000, inferenceGeo.values.max() ?? 1000)
        let costs = candidates(options.tier).map(\.tier).flatMap { tier in
            let long = tier.longContext.isEmpty ? standard.longContext : tier.longContext
            let rates = [tier.rates] + long.filter { prompt > $0.threshold }.map(\.rates)
            return rates.map { $0.maximumCost(prompt: prompt, completion: completion, options: options) }
        }
        return min(NanoDollars(roundingUp: (costs.max() ?? .zero).scaled(byThousandths: multiple)), Self.maximum)
    }

    /// A part of a request whose price is unknown at a tier that may serve it.
    package struct UnknownRate: Sendable, Equatable {
        /// The part with the unknown price.
        package enum Kind: Sendable, Equatable {
            case audioInput, audioOutput
            /// Prompts above the threshold, which have a different price at the default tier.
            case longContext(threshold: Int64)
        }

        package var kind: Kind
        /// The name of the tier; `nil` for the default one.
        package var tier: String?

        package init(_ kind: Kind, tier: String? = nil) {
            self.kind = kind
            self.tier = tier
        }
    }

    /// The first unknown rate that prevents computing a request's maximum cost; `nil` if there is none. Doesn't check the tier and
    /// `inference_geo` in the request itself.
    ///
    /// - Parameter prompt: the maximum number of tokens in the prompt.
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

    /// The tiers that may serve a request. The name of the default tier is `nil`.
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

    /// The price of a tier; `nil` if unknown.
    package func tier(_ name: String?) -> Tier? {
        guard let name, !ServiceTier.isStandard(name) else { return standard }
        return serviceTiers[name.lowercased()] ?? (standard.rates.isFree ? standard : nil)
    }

    /// The multiplier for a value of `inference_geo`, in thousandths; `nil` if unknown.
    package func geoMultiplier(_ geo: String?) -> Int64? {
        guard let geo, !["", "global", "not_available"].contains(geo) else { return 1000 }
        return inferenceGeo[geo] ?? (standard.rates.isFree ? 1000 : nil)
    }

    /// The price with Anthropic's default multipliers for the prompt cache where no cache price is given.
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
