/// The prices of models, by `provider/model`, by `model`, and by `provider/*` for all models of a provider: the one table of the
/// suite.
package struct PriceTable: Sendable {
    /// Come before the list prices.
    private var own: [String: ModelPrice]
    private let list: [String: ModelPrice]

    /// - Parameters:
    ///   - own: prices that come before those of the list.
    ///   - list: list prices.
    package init(own: [String: ModelPrice] = [:], list: [String: ModelPrice]) {
        self.own = own
        self.list = list
    }

    /// The list prices that are built in.
    package static let builtIn = PriceTable(list: BuiltInPrices.all)

    /// A price that comes before those of the list.
    package subscript(name: String) -> ModelPrice? {
        get { own[name] ?? list[name] }
        set { own[name] = newValue }
    }

    /// The price of a provider's model; `nil` when it isn't known. A model that runs here costs nothing.
    ///
    /// Anthropic's models have Anthropic's prices for the prompt cache unless others are given, wherever they run.
    package func price(provider: String, model: String) -> ModelPrice? {
        let (exact, all) = ("\(provider)/\(model)", "\(provider)/*")
        // In the list, a model that runs here is free whatever its name.
        let price = own[exact] ?? own[model] ?? own[all] ?? list[exact] ?? list[all] ?? list[model]
        let isAnthropicModel = provider == "anthropic" || model.contains("claude")
        return isAnthropicModel ? price?.withAnthropicCacheRates : price
    }
}
