import Testing

@testable import ModelPrices

@Suite struct ModelPriceTests {
    /// Prices in dollars per million tokens.
    private func rates(_ input: Double, _ output: Double, cached: Double? = nil, write: Double? = nil, write1h: Double? = nil) -> TokenRates
    {
        TokenRates(
            input: TokenRates.perMillion(input), output: TokenRates.perMillion(output),
            cachedInput: cached.map(TokenRates.perMillion),
            cacheWrite: write.map(TokenRates.perMillion), cacheWrite1h: write1h.map(TokenRates.perMillion))
    }

    private func usage(
        _ prompt: Int64, _ completion: Int64, read: Int64 = 0, written: Int64 = 0, hour: Int64 = 0, tier: String? = nil
    ) -> BilledUsage {
        var usage = BilledUsage(promptTokens: prompt, completionTokens: completion)
        (usage.cachedTokens, usage.cacheWriteTokens, usage.cacheWrite1hTokens, usage.serviceTier) = (read, written, hour, tier)
        return usage
    }

    @Test func `Costs are in billionths of a dollar, rounded up`() {
        let price = ModelPrice(rates(0.15, 0.6, cached: 0.075))
        #expect(price.cost(of: usage(1_000_000, 0))?.total == 150_000_000)
        #expect(price.cost(of: usage(0, 1_000_000)) == ModelCost(input: 0, output: 600_000_000))
        #expect(price.cost(of: usage(1000, 0, read: 400))?.total == Int64(600 * 150 + 400 * 75))
        #expect(ModelPrice(TokenRates(input: 1, output: 0)).cost(of: usage(1, 0))?.total == 1)
    }

    @Test func `Absurd numbers neither crash nor become free`() {
        let price = ModelPrice(rates(0.15, 0.6))
        #expect(price.cost(of: usage(.max, .max))?.total == ModelPrice.maximum)
        #expect(price.cost(of: usage(-5, 1))?.total == 600)
        #expect(price.cost(of: usage(10, 0, read: 1000, written: 1000, hour: .max))?.total == 1500)
        #expect(price.maximumCost(prompt: .max, completion: .max, options: PricingOptions()) == ModelPrice.maximum)
        #expect(price.maximumCost(prompt: .min, completion: .min, options: PricingOptions()) == 0)
    }

    @Test func `Anthropic's cache writes cost 1.25 times the input, those for an hour twice as much, reads a tenth`() {
        let table = PriceTable(list: ["claude-x": ModelPrice(rates(3, 15)), "anthropic/plain": ModelPrice(rates(3, 15))])
        for (provider, model) in [("anthropic", "claude-x"), ("bedrock", "claude-x"), ("anthropic", "plain")] {
            let price = table.price(provider: provider, model: model)
            // 3 input tokens, 12,304 cache writes, 550 output tokens.
            #expect(price?.cost(of: usage(12_307, 550, written: 12_304))?.total == 54_399_000)
            // The same with writes for an hour, and 1,000 cache reads.
            #expect(price?.cost(of: usage(13_307, 550, read: 1000, written: 12_304, hour: 12_304))?.total == 82_383_000)
        }
        let own = PriceTable(custom: ["claude-x": ModelPrice(rates(3, 15, cached: 1, write: 2, write1h: 5))], list: [:])
        let price = own.price(provider: "anthropic", model: "claude-x")
        #expect(price?.cost(of: usage(30, 0, read: 10, written: 20, hour: 10))?.total == Int64(10_000 + 20_000 + 50_000))
    }

    @Test func `Without a price for cache writes, they cost as much as other input`() {
        let price = ModelPrice(rates(2, 8))
        #expect(price.cost(of: usage(100, 0, read: 10, written: 50, hour: 50))?.total == 200_000)
        #expect(ModelPrice(rates(2, 8, write: 3)).cost(of: usage(100, 0, written: 50, hour: 50))?.total == 250_000)
    }

    @Test func `A tier has its own price, and an unknown tier has none`() {
        var price = ModelPrice(rates(2, 8))
        price.serviceTiers["priority"] = .init(rates(4, 16))
        #expect(price.cost(of: usage(100, 10, tier: "priority"))?.total == Int64(400_000 + 160_000))
        for name in ["default", "standard", "on_demand"] { #expect(price.cost(of: usage(100, 10, tier: name))?.total == 280_000) }
        #expect(price.cost(of: usage(100, 10, tier: "flex")) == nil)
        // A free model is free at any tier.
        #expect(ModelPrice(rates(0, 0)).cost(of: usage(100, 10, tier: "flex")) == .zero)
    }

    @Test func `Long prompts have their own price above the threshold`() {
        let price = ModelPrice(.init(rates(1, 10), longContext: [.init(threshold: 200_000, rates: rates(2, 15))]))
        #expect(price.cost(of: usage(200_000, 10))?.total == Int64(200_000_000 + 100_000))
        #expect(price.cost(of: usage(200_001, 10))?.total == Int64(400_002_000 + 150_000))
        var tiered = price
        tiered.serviceTiers["priority"] = .init(rates(3, 20))
        #expect(tiered.cost(of: usage(200_001, 10, tier: "priority")) == nil)
    }

    @Test func `Audio, searches and regions have a price or are unknown`() {
        var price = ModelPrice(rates(2, 8))
        var audio = usage(100, 10)
        (audio.promptAudioTokens, audio.completionAudioTokens) = (40, 4)
        #expect(price.cost(of: audio) == nil)
        (price.standard.rates.audioInput, price.standard.rates.audioOutput) = (TokenRates.perMillion(40), TokenRates.perMillion(80))
        #expect(price.cost(of: audio) == ModelCost(input: 60 * 2000 + 40 * 40_000, output: 6 * 8000 + 4 * 80_000))
        var search = usage(100, 10)
        search.webSearches = 2
        #expect(price.cost(of: search) == nil)
        price.webSearch = 10_000_000
        #expect(price.cost(of: search) == ModelCost(input: 200_000 + 20_000_000, output: 80_000))
        var placed = usage(100, 10)
        placed.inferenceGeo = "us"
        #expect(price.cost(of: placed) == nil)
        price.inferenceGeo["us"] = 1100
        #expect(price.cost(of: placed)?.total == 308_000)
    }

    @Test(arguments: [(1, 1), (7, 3), (12_307, 550), (999_999, 123_457)])
    func `The parts of a cost add up to the total`(prompt: Int64, completion: Int64) throws {
        let price = ModelPrice(TokenRates(input: 1_234_567, output: 7_654_321))
        let cost = try #require(price.cost(of: usage(prompt, completion)))
        #expect(cost.input + cost.output == cost.total)
        #expect(cost.total == (prompt * 1_234_567 + completion * 7_654_321 + 999) / 1000)
        #expect(cost.dollars.map(\.name) == ["input_cost", "output_cost", "total_cost"])
    }

    @Test func `The maximum cost covers any use of the cache, any tier and any length`() {
        var price = ModelPrice(
            .init(
                rates(3, 15, cached: 0.3, write: 3.75, write1h: 6), longContext: [.init(threshold: 1000, rates: rates(6, 20, write1h: 12))])
        )
        price.serviceTiers = ["priority": .init(rates(5, 30)), "fast": .init(rates(30, 150))]
        var options = PricingOptions()
        #expect(price.maximumCost(prompt: 1000, completion: 10, options: options) == 1000 * 6000 + 10 * 15_000)
        #expect(price.maximumCost(prompt: 1001, completion: 10, options: options) == 1001 * 12_000 + 10 * 20_000)
        options.tier = .automatic
        #expect(price.maximumCost(prompt: 10, completion: 1000, options: options) == 10 * 5000 + 1000 * 30_000)
        options.tier = .named("fast")
        #expect(price.maximumCost(prompt: 10, completion: 1000, options: options) == 10 * 30_000 + 1000 * 150_000)
        price.inferenceGeo = ["us": 1100]
        #expect(price.maximumCost(prompt: 10, completion: 1000, options: options) == (10 * 30_000 + 1000 * 150_000) * 11 / 10)
    }

    // MARK: Unknown rates

    private func unknownRate(
        _ model: String, _ provider: String = "gemini", tier: PricingOptions.Tier, prompt: Int64 = 10, audio: Bool = false
    ) throws -> ModelPrice.UnknownRate? {
        var options = PricingOptions()
        (options.tier, options.hasAudioInput) = (tier, audio)
        return try #require(PriceTable.builtIn.price(provider: provider, model: model))
            .unknownRate(prompt: prompt, options: options)
    }

    @Test func `A tier has no price for audio or long prompts unless its own is known`() throws {
        #expect(
            try unknownRate("gemini-2.5-flash", tier: .named("priority"), audio: true)
                == ModelPrice.UnknownRate(.audioInput, tier: "priority"))
        #expect(try unknownRate("gemini-2.5-flash", tier: .standard, audio: true) == nil)
        #expect(try unknownRate("gemini-2.5-flash", tier: .named("priority")) == nil)
        let long = ModelPrice.UnknownRate(.longContext(threshold: 200_000), tier: "priority")
        #expect(try unknownRate("gemini-2.5-pro", tier: .named("priority"), prompt: 200_001) == long)
        #expect(try unknownRate("gemini-2.5-pro", tier: .named("priority"), prompt: 200_000) == nil)
        #expect(try unknownRate("gemini-2.5-pro", tier: .standard, prompt: 200_001) == nil)
    }

    @Test func `Tiers that the provider may choose count, and those that must be requested don't`() throws {
        let long = ModelPrice.UnknownRate(.longContext(threshold: 272_000), tier: "priority")
        #expect(try unknownRate("gpt-5.4", "openai", tier: .automatic, prompt: 272_001) == long)
        #expect(try unknownRate("gpt-5.4", "openai", tier: .standard, prompt: 272_001) == nil)
        // This price has only a flex tier.
        #expect(try unknownRate("gpt-5.4-pro", "openai", tier: .automatic, prompt: 272_001) == nil)
        #expect(try unknownRate("gpt-4o", "openai", tier: .standard, audio: true) == ModelPrice.UnknownRate(.audioInput))
    }

    @Test func `Audio with the price of text has it at every tier and length`() throws {
        for tier in [PricingOptions.Tier.standard, .named("priority"), .named("flex")] {
            #expect(try unknownRate("gemini-2.5-pro", tier: tier, audio: true) == nil)
        }
        #expect(try unknownRate("gemini-2.5-pro", tier: .standard, prompt: 200_001, audio: true) == nil)
    }
}
