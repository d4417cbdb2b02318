internal import ModelPrices
internal import Primitives

// Prices of models.

extension ConfigurationParser {
    /// Parses `prices:`, whose keys are a model, `provider/model`, or `provider/*` for all models of a provider.
    func parsePrices(_ prices: ConfigurationMapping, into table: inout PriceTable) {
        for (name, node) in prices.all { if let price = price(node) { table[name] = price } }
    }

    /// Parses the price of a model, in dollars per million tokens, and per search for `web_search`.
    private func price(_ node: ConfigurationNode) -> ModelPrice? {
        guard let members = node.members() else { return nil }
        let rates = rates(members)
        let longContext = self.longContext(members)
        var price = rates.map { ModelPrice(.init($0, longContext: longContext)) }
        for (name, node) in members["service_tiers"]?.members()?.all ?? [] {
            guard let tier = node.members() else { continue }
            let rates = self.rates(tier)
            let longContext = self.longContext(tier)
            tier.reportUnknownKeys()
            if let rates { price?.serviceTiers[name.lowercased()] = .init(rates, longContext: longContext) }
        }
        for (name, node) in members["inference_geo"]?.members()?.all ?? [] {
            if let factor = node.number(0...1000) { price?.inferenceGeo[name] = Int64((factor * 1000).rounded()) }
        }
        if let dollars = members["web_search"]?.number(0...1000) { price?.webSearch = NanoDollars(dollars: dollars) }
        price?.maxOutputTokens = members["max_output_tokens"]?.integer(1...100_000_000)
        price?.contextWindow = members["context_window"]?.integer(1...100_000_000)
        members.reportUnknownKeys()
        return price
    }

    /// Parses the prices of tokens; `nil` if `input` is missing or `input` or `output` is invalid.
    private func rates(_ members: ConfigurationMapping) -> TokenRates? {
        let input = members.required("input")?.number(0...1_000_000)
        let output = members["output"].map { $0.number(0...1_000_000) } ?? 0
        func optional(_ name: String) -> PicoDollars? { members[name]?.number(0...1_000_000).map(TokenRates.perMillion) }
        let (cached, write, write1h) = (optional("cached_input"), optional("cache_write"), optional("cache_write_1h"))
        let (audioInput, audioOutput) = (optional("audio_input"), optional("audio_output"))
        guard let input, let output else { return nil }
        return TokenRates(
            input: TokenRates.perMillion(input), output: TokenRates.perMillion(output), cachedInput: cached, cacheWrite: write,
            cacheWrite1h: write1h, audioInput: audioInput, audioOutput: audioOutput)
    }

    /// Parses the prices of long prompts.
    private func longContext(_ members: ConfigurationMapping) -> [ModelPrice.LongContext] {
        (members["long_context"]?.elements() ?? []).compactMap { node in
            guard let members = node.members() else { return nil }
            let threshold = members.required("threshold")?.integer(1...1_000_000_000)
            let rates = rates(members)
            members.reportUnknownKeys()
            guard let threshold, let rates else { return nil }
            return .init(threshold: threshold, rates: rates)
        }
    }
}
