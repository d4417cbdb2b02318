internal import ModelPrices
internal import WireProtocol

/// What a call of a model cost, from the model that a span names and the tokens that it says were used, at list prices
/// (`calculate_cost_by_model_and_token_usage` in mlflow/tracing/utils).
enum SpanCost {
    /// Names of routes and not of models.
    private static let routes = ["gateway:/", "endpoints:/"]

    /// Adds the cost to a span that says none. One that says null has a cost that is unknown.
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

    /// A provider's own name for the model comes first; then any that has it.
    private static func price(of model: String, provider: String?) -> ModelPrice? {
        guard !routes.contains(where: model.hasPrefix) else { return nil }
        // MLflow's clients put the provider before the model: `openai/gpt-4o`.
        let parts = model.split(separator: "/", maxSplits: 1).map(String.init)
        let bare = parts.count == 2 ? parts[1] : model
        let named = model.hasPrefix("databricks") ? "databricks" : parts.count == 2 ? parts[0] : ""
        let provider = provider?.lowercased() ?? named
        return PriceTable.builtIn.price(provider: provider, model: model)
            ?? PriceTable.builtIn.price(provider: provider, model: bare)
    }

    /// `nil` when no tokens were used.
    private static func tokens(_ value: AttributeValue?) -> BilledUsage? {
        guard case .object(let members)? = value?.decoded else { return nil }
        func count(_ name: String) -> Int64 { max(members[name]?.json.integerValue ?? 0, 0) }
        var usage = BilledUsage(promptTokens: count("input_tokens"), completionTokens: count("output_tokens"))
        guard usage.promptTokens > 0 || usage.completionTokens > 0 else { return nil }
        usage.cachedTokens = count("cache_read_input_tokens")
        usage.cacheWriteTokens = count("cache_creation_input_tokens")
        usage.cacheWrite1hTokens = count("cache_creation_input_tokens_above_1hr")
        // By the conventions, the input includes what the prompt cache had. Where that is more than the input, the span has Anthropic's
        // own counts, which leave it out.
        let (cache, isTooLarge) = usage.cachedTokens.addingReportingOverflow(usage.cacheWriteTokens)
        if isTooLarge || cache > usage.promptTokens {
            let (prompt, overflows) = usage.promptTokens.addingReportingOverflow(cache)
            usage.promptTokens = isTooLarge || overflows ? .max : prompt
        }
        return usage
    }

    /// A text, also as JSON has it.
    private static func text(_ value: AttributeValue?) -> String? {
        guard let text = value?.decoded.text, !text.isEmpty else { return nil }
        return text
    }
}
