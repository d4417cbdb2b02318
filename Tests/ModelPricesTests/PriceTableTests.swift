import Testing

@testable import ModelPrices

@Suite struct PriceTableTests {
    @Test func `Provider prices take precedence over model prices and custom prices over list prices, and unknown models have none`() {
        var table = PriceTable.builtIn
        table["azure/gpt-4o"] = ModelPrice(TokenRates(input: 7, output: 7))
        #expect(table.price(provider: "azure", model: "gpt-4o")?.standard.rates.input == 7)
        #expect(table.price(provider: "openai", model: "gpt-4o")?.standard.rates.input == 2_500_000)
        #expect(table.price(provider: "openai", model: "my-own") == nil)
        #expect(table.price(provider: "ollama", model: "anything")?.standard.rates.output == 0)
        // A self-hosted model is free under any name, unless it has a custom price.
        #expect(table.price(provider: "ollama", model: "gpt-4o")?.standard.rates.output == 0)
        table["gpt-4o"] = ModelPrice(TokenRates(input: 9, output: 9))
        #expect(table.price(provider: "ollama", model: "gpt-4o")?.standard.rates.output == 9)
    }

    @Test func `All lines of the lists are valid, and no model is listed twice`() {
        var names: Set<String> = []
        for text in [
            BuiltInPrices.openAI, BuiltInPrices.anthropic, BuiltInPrices.bedrock, BuiltInPrices.gemini, BuiltInPrices.modelVendors,
            BuiltInPrices.inferenceProviders,
        ] {
            var prices: [String: ModelPrice] = [:]
            #expect(BuiltInPrices.read(text, into: &prices).isEmpty)
            #expect(prices.count > 15)
            for name in prices.keys { #expect(names.insert(name).inserted, "\(name)") }
        }
    }

    @Test(arguments: ["gpt-4o", "gpt-4o = 1", "    tier priority 1 2", "m = 1 2\n    tier priority 1", "m = 1 2\n    what 3", "m = a b"])
    func `An invalid line is reported`(text: String) {
        var prices: [String: ModelPrice] = [:]
        #expect(BuiltInPrices.read(text, into: &prices).count == 1)
    }

    @Test func `The lists have the providers' prices besides input and output`() throws {
        let sonnet = try #require(PriceTable.builtIn.price(provider: "anthropic", model: "claude-sonnet-4-5"))
        let rates = sonnet.standard.rates
        #expect(
            [rates.input, rates.output, rates.cachedInput, rates.cacheWrite, rates.cacheWrite1h]
                == [3, 15, 0.3, 3.75, 6].map(TokenRates.perMillion))
        #expect(sonnet.standard.longContext.first?.threshold == 200_000)
        #expect(sonnet.webSearch == 10_000_000)
        let omni = try #require(PriceTable.builtIn.price(provider: "openai", model: "gpt-4o"))
        #expect(omni.serviceTiers["priority"]?.rates.input == 4_250_000)
        #expect(omni.maxOutputTokens == 16_384)
        let bedrock = PriceTable.builtIn.price(provider: "bedrock", model: "us.anthropic.claude-sonnet-4-20250514-v1:0")
        #expect(bedrock?.standard.rates.cacheWrite1h == 6_000_000)
        #expect(PriceTable.builtIn.price(provider: "gemini", model: "gemini-2.5-flash")?.standard.rates.audioInput == 1_000_000)
        #expect(PriceTable.builtIn.price(provider: "openai", model: "gpt-5.6")?.standard.rates.cacheWrite == 5_000_000)
    }
}
