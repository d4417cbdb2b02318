internal import GatewayFormats
internal import JSON
internal import ModelPrices
internal import PluginHost

/// What a request costs at the endpoints that may answer it.
struct InferencePricing: Sendable {
    /// An endpoint, and what of the request changes the price there.
    private struct CandidatePrice: Sendable {
        var target: Target
        var pricing: RequestPricing
    }

    private let candidatePrices: [CandidatePrice]

    init(_ request: InferenceRequest, _ candidates: [Target]) {
        var candidatePrices: [CandidatePrice] = []
        candidatePrices.reserveCapacity(candidates.count)
        for target in candidates {
            // Endpoints of one provider are asked for the same.
            let same = candidatePrices.first { $0.target.provider == target.provider }?.pricing
            let pricing = same ?? request.dialect.pricing(of: request, for: target)
            candidatePrices.append(CandidatePrice(target: target, pricing: pricing))
        }
        self.candidatePrices = candidatePrices
    }

    private func requestPricing(at target: Target) -> RequestPricing {
        candidatePrices.first { $0.target === target }?.pricing ?? RequestPricing()
    }

    /// The endpoints at which the most that the request can cost is known.
    ///
    /// - Parameters:
    ///   - budget: the budget that counts it.
    ///   - prompt: the most tokens that the prompt can have.
    /// - Throws: `GatewayError`, status 400, when there is none.
    func targets(within budget: LimitRule, prompt: Int64) throws(GatewayError) -> [Target] {
        var problem: (field: String, message: String)?
        let fitting = candidatePrices.filter { candidate in
            // Endpoints without a price are a mistake in the configuration, which the check of the file tells.
            guard let price = candidate.target.price else { return true }
            let name = "\(candidate.target.provider)/\(candidate.target.model)"
            guard let found = candidate.pricing.problem(with: price, of: name, prompt: prompt) else { return true }
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
    func promptBound(_ counted: Int64, at target: Target) -> Int64 {
        requestPricing(at: target).promptBound(counted, at: target.price)
    }

    /// The most that the request can cost at an endpoint, in billionths of a dollar; `nil` without a price.
    func maximumCost(at target: Target, prompt: Int64, completion: Int64) -> Int64? {
        target.price?.maximumCost(prompt: prompt, completion: completion, options: requestPricing(at: target).options)
    }

    /// Whether the response comes later and in another way, so that nobody sees what it uses.
    func isDeferred(at target: Target) -> Bool { requestPricing(at: target).isDeferred }

    /// What a response costs.
    ///
    /// - Parameters:
    ///   - usage: what the provider has told; `nil` when it has told nothing.
    ///   - prompt: the tokens of the prompt, told or estimated.
    /// - Returns: `nil` when something in it has no known price.
    func cost(at target: Target, _ usage: TokenUsage?, prompt: Int64, completion: Int64) -> ModelCost? {
        guard let price = target.price else { return nil }
        let pricing = requestPricing(at: target)
        let isComplete = usage?.promptTokens != nil && (usage?.completionTokens != nil || target.task == .embeddings)
        guard !pricing.isDeferred, pricing.surcharges.isEmpty || (isComplete && pricing.isReported), usage?.hasOtherCharges != true
        else { return nil }
        var billed = BilledUsage(promptTokens: prompt, completionTokens: completion)
        billed.cachedTokens = usage?.cachedTokens ?? 0
        billed.cacheWriteTokens = usage?.cacheWriteTokens ?? 0
        billed.cacheWrite1hTokens = usage?.cacheWrite1hTokens ?? 0
        billed.promptAudioTokens = usage?.promptAudioTokens ?? 0
        billed.completionAudioTokens = usage?.completionAudioTokens ?? 0
        billed.webSearches = usage?.webSearches ?? 0
        // What the provider says that it has done comes before what it was asked for.
        let reported = usage?.serviceTier.flatMap { ServiceTier.isAutomatic($0) ? nil : $0 }
        billed.serviceTier = reported ?? pricing.tier?.name
        billed.inferenceGeo = usage?.inferenceGeo ?? pricing.options.inferenceGeo
        // Audio that the response doesn't count is as dear as text only where both have one price.
        if let rates = price.rates(of: billed), !rates.isFree {
            if pricing.audioInputField != nil, usage?.promptAudioTokens == nil, rates.audioInput != rates.input { return nil }
            if pricing.options.hasAudioOutput, usage?.completionAudioTokens == nil, rates.audioOutput != rates.output { return nil }
        }
        return price.cost(of: billed)
    }
}

extension APIDialect {
    /// What of a request changes its price at an endpoint.
    fileprivate func pricing(of request: InferenceRequest, for target: Target) -> RequestPricing {
        switch self {
        case .openAI(.responses): RequestPricing(request.json, api: .responses, provider: target.provider)
        // What 2.5's schema doesn't name has OpenAI's names, and passes.
        case .openAI, .mlflow25: RequestPricing(request.json, api: .openAI, provider: target.provider)
        case .messages where target.descriptor.tasks.contains(.messages):
            RequestPricing(request.json, api: .messages, provider: target.provider)
        case .messages: RequestPricing(request.json, api: .translatedMessages, provider: target.provider)
        }
    }
}
