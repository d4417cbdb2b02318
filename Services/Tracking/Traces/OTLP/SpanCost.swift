internal import ModelPrices
internal import WireProtocol

/// Computes the cost of a model call at list prices, from a span's model name and token counts
/// (`calculate_cost_by_model_and_token_usage` in mlflow/tracing/utils).
enum SpanCost {
    /// Prefixes of model names that are names of gateway routes.
    private static let routes = ["gateway:/", "endpoints:/"]

    /// Adds the cost to a span that doesn't report one. An explicit null means that the cost is unknown, and stays.
    static func add(to attributes: inout [Attribute]) {
        guard attributes[SpanAttribute.cost] == nil, let model = text(attributes[SpanAttribute.model]),
            let tokens = tokens(attributes[SpanAttribute.tokens])
        else { return }
        guard let price = price(of: model, provider: text(attributes[SpanAttribute.provider])), let cost = price.cost(of: tokens) else {
            return
        }
        let members = cost.dollars.map { Attribute(key: $0.name, value: .number($0.amount)) }
        attributes.append(Attribute(key: SpanAttribute.cost, value: .object(members)))
    }

    /// The price of a model, looked up first by its full name and then without the provider's prefix.
    private static func price(of model: String, provider: String?) -> ModelPrice? {
        guard !routes.contains(where: model.hasPrefix) else { return nil }
        // MLflow's clients prefix the model with the provider: `openai/gpt-4o`.
        let parts = model.split(separator: "/", maxSplits: 1).map(String.init)
        let bare = parts.count == 2 ? parts[1] : model
        let named = model.hasPrefix("databricks") ? "databricks" : parts.count == 2 ? parts[0] : ""
        let provider = provider?.lowercased() ?? named
        return PriceTable.builtIn.price(provider: provider, model: model)
            ?? PriceTable.builtIn.price(provider: provider, model: bare)
    }

    /// The token counts; `nil` if no tokens were used.
    private static func tokens(_ value: AttributeValue?) -> BilledUsage? {
        guard case .object(let members)? = value?.decoded else { return nil }
        func count(_ name: String) -> Int64 { max(members[name]?.json.integerValue ?? 0, 0) }
        var usage = BilledUsage(promptTokens: count("input_tokens"), completionTokens: count("output_tokens"))
        guard usage.promptTokens > 0 || usage.completionTokens > 0 else { return nil }
        usage.cachedTokens = count("cache_read_input_tokens")
        usage.cacheWriteTokens = count("cache_creation_input_tokens")
        usage.cacheWrite1hTokens = count("cache_creation_input_tokens_above_1hr")
        // In the conventions, the input includes cached tokens. If these exceed the input, the span has Anthropic's own counts,
        // which exclude them.
        let (cache, isTooLarge) = usage.cachedTokens.addingReportingOverflow(usage.cacheWriteTokens)
        if isTooLarge || cache > usage.promptTokens {
            let (prompt, overflows) = usage.promptTokens.addingReportingOverflow(cache)
            usage.promptTokens = isTooLarge || overflows ? .max : prompt
        }
        return usage
    }

    /// The value as a non-empty string, decoded if it is encoded as JSON.
    private static func text(_ value: AttributeValue?) -> String? {
        guard let text = value?.decoded.text, !text.isEmpty else { return nil }
        return text
    }
}
