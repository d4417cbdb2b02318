import Testing

@testable import Gateway

@Suite struct PriceTests {
    @Test func `Costs are in billionths of a dollar, rounded up`() {
        let price = Price(input: 150_000, output: 600_000, cachedInput: 75_000)
        #expect(price.cost(promptTokens: 1_000_000, completionTokens: 0) == 150_000_000)
        #expect(price.cost(promptTokens: 0, completionTokens: 1_000_000) == 600_000_000)
        #expect(price.cost(promptTokens: 1000, completionTokens: 0, cachedTokens: 400) == 600 * 150 + 400 * 75)
        #expect(Price(input: 1, output: 0).cost(promptTokens: 1, completionTokens: 0) == 1)
    }

    @Test func `Numbers that no provider can mean neither crash nor cost nothing`() {
        let price = Price(input: 150_000, output: 600_000)
        #expect(price.cost(promptTokens: .max, completionTokens: .max) == Price.most)
        #expect(price.cost(promptTokens: -5, completionTokens: 1) == 600)
        #expect(price.cost(promptTokens: 10, completionTokens: 0, cachedTokens: 1000) == 1500)
    }

    @Test func `A provider's price comes before the model's, and what isn't known has none`() {
        var table = PriceTable.known
        table["azure/gpt-4o"] = Price(input: 7, output: 7)
        #expect(table.price(provider: "azure", model: "gpt-4o")?.input == 7)
        #expect(table.price(provider: "openai", model: "gpt-4o")?.input == 2_500_000)
        #expect(table.price(provider: "openai", model: "my-own") == nil)
        #expect(table.price(provider: "ollama", model: "anything")?.output == 0)
    }
}
