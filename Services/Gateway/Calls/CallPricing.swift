internal import GatewayFormats
internal import JSON
internal import ModelPrices
internal import PluginHost

/// What a request costs at the endpoints that may answer it.
struct CallPricing: Sendable {
    /// An endpoint, and what of the request changes the price there.
    private struct Offer: Sendable {
        var target: Target
        var request: RequestPricing
    }

    private let offers: [Offer]

    init(_ call: GatewayCall, _ candidates: [Target]) {
        var offers: [Offer] = []
        offers.reserveCapacity(candidates.count)
        for target in candidates {
            // Endpoints of one provider are asked for the same.
            let same = offers.first { $0.target.provider == target.provider }?.request
            offers.append(Offer(target: target, request: same ?? call.shape.pricing(of: call, for: target)))
        }
        self.offers = offers
    }

    private func request(at target: Target) -> RequestPricing {
        offers.first { $0.target === target }?.request ?? RequestPricing()
    }

    /// The endpoints at which the most that the request can cost is known.
    ///
    /// - Parameters:
    ///   - budget: the budget that counts it.
    ///   - prompt: the most tokens that the prompt can have.
    /// - Throws: `GatewayError`, status 400, when there is none.
    func targets(within budget: LimitRule, prompt: Int64) throws(GatewayError) -> [Target] {
        var problem: (field: String, message: String)?
        let fitting = offers.filter { offer in
            // Endpoints without a price are a mistake in the configuration, which the check of the file tells.
            guard let price = offer.target.price else { return true }
            let name = "\(offer.target.provider)/\(offer.target.model)"
            guard let found = offer.request.problem(with: price, of: name, prompt: prompt) else { return true }
            problem = problem ?? found
            return false
        }
        if fitting.isEmpty, let problem {
            throw .invalid(
                "'\(problem.field)' can't be paid from the budget '\(budget.name)': \(problem.message).", param: problem.field)
        }
        return fitting.map(\.target)
    }

    /// The most tokens that the prompt can have at an endpoint.
    ///
    /// - Parameter counted: the most tokens of what can be counted before the provider does.
    func prompt(_ counted: Int64, at target: Target) -> Int64 { request(at: target).prompt(counted, at: target.price) }

    /// The most that the request can cost at an endpoint, in billionths of a dollar; `nil` without a price.
    func mostExpensive(at target: Target, prompt: Int64, completion: Int64) -> Int64? {
        target.price?.mostExpensive(prompt: prompt, completion: completion, terms: request(at: target).terms)
    }

    /// Whether the answer comes later and in another way, so that nobody sees what it uses.
    func isDeferred(at target: Target) -> Bool { request(at: target).isDeferred }

    /// What an answer costs.
    ///
    /// - Parameters:
    ///   - usage: what the provider has told; `nil` when it has told nothing.
    ///   - prompt: the tokens of the prompt, told or estimated.
    /// - Returns: `nil` when something in it has no known price.
    func cost(at target: Target, _ usage: TokenUsage?, prompt: Int64, completion: Int64) -> ModelCost? {
        guard let price = target.price else { return nil }
        let request = request(at: target)
        let isComplete = usage?.promptTokens != nil && (usage?.completionTokens != nil || target.task == .embeddings)
        guard !request.isDeferred, request.charges.isEmpty || (isComplete && request.isTold), usage?.hasOtherCharges != true else {
            return nil
        }
        var billed = BilledUsage(promptTokens: prompt, completionTokens: completion)
        billed.cachedTokens = usage?.cachedTokens ?? 0
        billed.cacheWriteTokens = usage?.cacheWriteTokens ?? 0
        billed.cacheWrite1hTokens = usage?.cacheWrite1hTokens ?? 0
        billed.promptAudioTokens = usage?.promptAudioTokens ?? 0
        billed.completionAudioTokens = usage?.completionAudioTokens ?? 0
        billed.webSearches = usage?.webSearches ?? 0
        // What the provider says that it has done comes before what it was asked for.
        let told = usage?.serviceTier.flatMap { ServiceTier.isAutomatic($0) ? nil : $0 }
        billed.serviceTier = told ?? request.tier?.name
        billed.inferenceGeo = usage?.inferenceGeo ?? request.terms.inferenceGeo
        // Audio that the answer doesn't count is as dear as text only where both have one price.
        if let rates = price.rates(of: billed), !rates.isFree {
            if request.audioInputField != nil, usage?.promptAudioTokens == nil, rates.audioInput != rates.input { return nil }
            if request.terms.hasAudioOutput, usage?.completionAudioTokens == nil, rates.audioOutput != rates.output { return nil }
        }
        return price.cost(of: billed)
    }
}

extension CallShape {
    /// What of a request changes its price at an endpoint.
    fileprivate func pricing(of call: GatewayCall, for target: Target) -> RequestPricing {
        switch self {
        case .plain(.responses): RequestPricing(call.request, api: .responses, provider: target.provider)
        // What 2.5's schema doesn't name has OpenAI's names, and passes.
        case .plain, .mlflow25: RequestPricing(call.request, api: .openAI, provider: target.provider)
        case .messages where target.facts.tasks.contains(.messages):
            RequestPricing(call.request, api: .messages, provider: target.provider)
        case .messages: RequestPricing(call.request, api: .translatedMessages, provider: target.provider)
        }
    }
}
