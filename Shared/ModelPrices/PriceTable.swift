/// The prices of models by `provider/model`, by `model`, and by `provider/*` for all models of a provider.
package struct PriceTable: Sendable {
    /// Custom prices, which take precedence over the list prices.
    private var custom: [String: ModelPrice]
    private let list: [String: ModelPrice]

    /// - Parameters:
    ///   - custom: prices, which take precedence over the list prices.
    ///   - list: list prices.
    package init(custom: [String: ModelPrice] = [:], list: [String: ModelPrice]) {
        self.custom = custom
        self.list = list
    }

    /// The built-in list prices.
    package static let builtIn = PriceTable(list: BuiltInPrices.all)

    /// A custom price, which takes precedence over the list prices.
    package subscript(name: String) -> ModelPrice? {
        get { custom[name] ?? list[name] }
        set { custom[name] = newValue }
    }

    /// The price of a provider's model; `nil` if unknown. Self-hosted models are free.
    ///
    /// Anthropic's models have Anthropic's multipliers for the prompt cache with any provider, unless cache prices are given.
    package func price(provider: String, model: String) -> ModelPrice? {
        let (exact, all) = ("\(provider)/\(model)", "\(provider)/*")
        // In the list, a self-hosted model is free regardless of its name.
        let price = custom[exact] ?? custom[model] ?? custom[all] ?? list[exact] ?? list[all] ?? list[model]
        let isAnthropicModel = provider == "anthropic" || model.contains("claude")
        return isAnthropicModel ? price?.withAnthropicCacheRates : price
    }
}
