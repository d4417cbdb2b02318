/// What a model's tokens cost, in millionths of a millionth of a US dollar a token: a dollar for a million tokens is 1,000,000.
struct Price: Sendable, Equatable {
    var input: Int64
    var output: Int64
    /// Of the prompt's tokens that the provider had in its cache; `nil`: as others.
    var cachedInput: Int64?
    /// The most tokens that the model gives in one answer, if known.
    var maxOutputTokens: Int64?

    /// The most that a request is counted with: 100,000 dollars. Sums of such don't overflow.
    static let most: Int64 = 100_000_000_000_000

    /// In billionths of a US dollar, rounded up; at most `most`.
    func cost(promptTokens: Int64, completionTokens: Int64, cachedTokens: Int64 = 0) -> Int64 {
        let cached = min(max(cachedTokens, 0), max(promptTokens, 0))
        let parts = [
            (max(promptTokens, 0) - cached, input), (cached, cachedInput ?? input), (max(completionTokens, 0), output),
        ]
        var sum: Int64 = 0
        for (count, price) in parts {
            let (product, overflow) = count.multipliedReportingOverflow(by: price)
            let (total, overflows) = sum.addingReportingOverflow(product)
            if overflow || overflows { return Self.most }
            sum = total
        }
        return min(Self.most, sum / 1000 + (sum % 1000 == 0 ? 0 : 1))
    }
}

/// The prices of models, by `provider/model` and by `model`.
struct PriceTable: Sendable {
    private var prices: [String: Price]

    init(_ prices: [String: Price]) {
        self.prices = prices
    }

    subscript(name: String) -> Price? {
        get { prices[name] }
        set { prices[name] = newValue }
    }

    /// The price of a provider's model; `nil` when it isn't known. A model that runs here costs nothing.
    func price(provider: String, model: String) -> Price? {
        prices["\(provider)/\(model)"] ?? prices[model] ?? prices["\(provider)/*"]
    }
}
