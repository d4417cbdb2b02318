internal import GatewayFormats
internal import JSON
internal import Primitives

/// What a request debits from the limits that count it: at first the maximum that it can use, finally what it used.
struct Reservation: Sendable {
    /// The maximum tokens of a completion where neither the client, the configuration nor the model's metadata set a limit.
    static let defaultCompletionTokens: Int64 = 4096

    private var rules: [(rule: LimitRule, debit: Debit)] = []
    /// The demands on the limits that reject requests.
    private(set) var demands: [LocalQuota.Demand] = []
    /// The debits that are reserved once all demands are admitted.
    private(set) var debits: [Debit] = []
    private let dialect: APIDialect
    private let json: JSONObject
    /// The cost of the request at each endpoint.
    let pricing: InferencePricing
    /// The upper bound on tokens; empty for a request without token or money limits.
    let bound: TokenBound
    /// Whether any limit counts tokens or money, so that a response must not be longer than what is reserved.
    let countsTokens: Bool

    /// The upper bound on the tokens of a request; empty for a request without token or money limits.
    static func bound(of request: InferenceRequest, counting rules: [(rule: LimitRule, counter: String)]) -> TokenBound {
        countsTokens(rules) ? request.dialect.tokenBound(of: request.json) : TokenBound([:])
    }

    private static func countsTokens(_ rules: [(rule: LimitRule, counter: String)]) -> Bool {
        rules.contains { $0.rule.unit == .tokens || $0.rule.unit == .money }
    }

    /// - Parameters:
    ///   - rules: the rules that count the request, each with its counter.
    ///   - pricing: the cost of the request at the candidates.
    ///   - bound: the result of `bound(of:counting:)`.
    ///   - second: the current time in seconds since 1970.
    init(
        _ request: InferenceRequest, _ rules: [(rule: LimitRule, counter: String)], candidates: [Target], pricing: InferencePricing,
        bound: TokenBound,
        second: Int64
    ) {
        dialect = request.dialect
        self.pricing = pricing
        json = request.json
        countsTokens = Self.countsTokens(rules)
        self.bound = bound
        self.rules.reserveCapacity(rules.count)
        demands.reserveCapacity(rules.count)
        debits.reserveCapacity(rules.count)
        for (rule, counter) in rules {
            let window = rule.period?.window(at: second)
            let amount: Int64 =
                switch rule.unit {
                case .requests, .concurrent: 1
                case .tokens: candidates.map { promptBound(for: $0).saturatingAdd(completionBound(for: $0)) }.max() ?? 0
                case .money:
                    (candidates.compactMap { maximumCost(at: $0) }.max() ?? .zero).rawValue
                }
            let debit = Debit(counter: counter, window: window?.start ?? 0, amount: min(amount, Debit.maximum))
            self.rules.append((rule, debit))
            // A budget that only warns rejects nothing.
            guard rule.rejects else { continue }
            demands.append(.init(rule: rule, key: debit.windowKey, amount: debit.amount, windowEnd: window?.end ?? .max))
            debits.append(debit)
        }
    }

    /// The maximum cost of the request at an endpoint; `nil` if the endpoint has no price.
    private func maximumCost(at target: Target) -> NanoDollars? {
        pricing.maximumCost(at: target, prompt: promptBound(for: target), completion: completionBound(for: target))
    }

    /// The upper bound on prompt tokens at an endpoint.
    func promptBound(for target: Target) -> Int64 { pricing.promptBound(bound.prompt, at: target) }

    /// The upper bound on completion tokens at an endpoint, of all choices together.
    func completionBound(for target: Target) -> Int64 {
        guard target.task != .embeddings else { return 0 }
        return bound.completion(maximum: bound.completionPerChoice ?? Self.completionLimit(of: target))
    }

    /// The limit on completion tokens to add to the request; `nil` if the client sets one or tokens aren't counted.
    func completionLimit(for target: Target) -> Int64? {
        countsTokens && bound.completionPerChoice == nil && target.task != .embeddings ? Self.completionLimit(of: target) : nil
    }

    private static func completionLimit(of target: Target) -> Int64 { target.maxOutputTokens ?? defaultCompletionTokens }

    /// The size of the prompt's text in bytes, for an estimate.
    var promptBytes: Int64 { dialect.tokenBound(of: json).prompt }

    /// The debits of a finished request.
    ///
    /// - Parameters:
    ///   - tokens: the tokens to count; `nil` if none were used.
    ///   - cost: the cost to count; `nil` if nothing was used.
    ///   - wasSent: whether the request was sent to a provider.
    func spent(tokens: Int64?, cost: NanoDollars?, wasSent: Bool) -> [Debit] { spent(rules[...], tokens, cost, wasSent) }

    /// The debits of an attempt that is followed by another one.
    func spentInAttempt(tokens: Int64?, cost: NanoDollars?) -> [Debit] {
        spent(rules.filter { $0.rule.unit == .tokens || $0.rule.unit == .money }[...], tokens, cost, false)
    }

    private func spent(
        _ rules: ArraySlice<(rule: LimitRule, debit: Debit)>, _ tokens: Int64?, _ cost: NanoDollars?, _ wasSent: Bool
    ) -> [Debit] {
        rules.map { rule, debit in
            var debit = debit
            switch rule.unit {
            case .requests: debit.amount = wasSent ? 1 : 0
            case .concurrent: debit.amount = 0
            case .tokens: debit.amount = min(tokens ?? 0, Debit.maximum)
            case .money: debit.amount = min(cost?.rawValue ?? 0, Debit.maximum)
            }
            return debit
        }
    }
}
