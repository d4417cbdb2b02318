internal import AdapterHost
internal import GatewayFormats
internal import ModelPrices
internal import WireProtocol

/// The cost of a request at each candidate endpoint.
struct InferencePricing: Sendable {
    /// An endpoint, and the parts of the request that affect its price there.
    private struct CandidatePrice: Sendable {
        var target: Target
        var pricing: RequestPricing
    }

    private let candidatePrices: [CandidatePrice]

    init(_ request: InferenceRequest, _ candidates: [Target]) {
        var candidatePrices: [CandidatePrice] = []
        candidatePrices.reserveCapacity(candidates.count)
        for target in candidates {
            // Endpoints of the same provider receive the same request.
            let same = candidatePrices.first { $0.target.provider == target.provider }?.pricing
            let pricing = same ?? request.dialect.pricing(of: request, for: target)
            candidatePrices.append(CandidatePrice(target: target, pricing: pricing))
        }
        self.candidatePrices = candidatePrices
    }

    private func requestPricing(at target: Target) -> RequestPricing {
        candidatePrices.first { $0.target === target }?.pricing ?? RequestPricing()
    }

    /// The endpoints at which the request has a known maximum cost.
    ///
    /// - Parameters:
    ///   - budget: the budget that counts the request.
    ///   - prompt: the upper bound on prompt tokens.
    /// - Throws: `ServiceError`, status 400, if there is no such endpoint.
    func targets(within budget: LimitRule, prompt: Int64) throws(ServiceError) -> [Target] {
        var problem: (field: String, message: String)?
        let fitting = candidatePrices.filter { candidate in
            // An endpoint without a price is an error in the configuration, which the configuration parser reports.
            guard let price = candidate.target.price else { return true }
            let name = "\(candidate.target.provider)/\(candidate.target.model)"
            guard let found = candidate.pricing.problem(with: price, of: name, prompt: prompt) else { return true }
            problem = problem ?? found
            return false
        }
        if fitting.isEmpty, let problem {
            throw .invalidParameter(
                "'\(problem.field)' can't be charged to the budget '\(budget.name)': \(problem.message).", parameter: problem.field)
        }
        return fitting.map(\.target)
    }

    /// The upper bound on prompt tokens at an endpoint.
    ///
    /// - Parameter counted: the upper bound on the tokens of everything that the gateway can count itself.
    func promptBound(_ counted: Int64, at target: Target) -> Int64 {
        requestPricing(at: target).promptBound(counted, at: target.price)
    }

    /// The maximum cost of the request at an endpoint, in billionths of a dollar; `nil` if the endpoint has no price.
    func maximumCost(at target: Target, prompt: Int64, completion: Int64) -> Int64? {
        target.price?.maximumCost(prompt: prompt, completion: completion, options: requestPricing(at: target).options)
    }

    /// Whether the response is fetched later by other requests, so that the gateway doesn't see its usage.
    func isDeferred(at target: Target) -> Bool { requestPricing(at: target).isDeferred }

    /// The cost of a response.
    ///
    /// - Parameters:
    ///   - usage: the usage that the provider reported; `nil` if it reported none.
    ///   - prompt: the prompt tokens, reported or estimated.
    ///   - completion: the completion tokens, reported or estimated.
    /// - Returns: `nil` if any part of the response has no known price.
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
        // The reported service tier takes precedence over the requested one.
        let reported = usage?.serviceTier.flatMap { ServiceTier.isAutomatic($0) ? nil : $0 }
        billed.serviceTier = reported ?? pricing.tier?.name
        billed.inferenceGeo = usage?.inferenceGeo ?? pricing.options.inferenceGeo
        // Where the response doesn't count audio tokens, the cost is known only if audio and text have the same rate.
        if let rates = price.rates(of: billed), !rates.isFree {
            if pricing.audioInputField != nil, usage?.promptAudioTokens == nil, rates.audioInput != rates.input { return nil }
            if pricing.options.hasAudioOutput, usage?.completionAudioTokens == nil, rates.audioOutput != rates.output { return nil }
        }
        return price.cost(of: billed)
    }
}

extension APIDialect {
    /// The parts of a request that affect its price at an endpoint.
    fileprivate func pricing(of request: InferenceRequest, for target: Target) -> RequestPricing {
        switch self {
        case .openAI(.responses): RequestPricing(request.json, api: .responses, provider: target.provider)
        // Members outside MLflow 2.5's schema have OpenAI's names and pass through.
        case .openAI, .mlflow25: RequestPricing(request.json, api: .openAI, provider: target.provider)
        case .messages where target.descriptor.tasks.contains(.messages):
            RequestPricing(request.json, api: .messages, provider: target.provider)
        case .messages: RequestPricing(request.json, api: .translatedMessages, provider: target.provider)
        }
    }
}
