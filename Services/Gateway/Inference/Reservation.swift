internal import GatewayFormats
internal import JSON

/// What a request takes of the limits that count it: first the most that it can need, in the end what it has used.
struct Reservation: Sendable {
    /// The longest answer that is allowed where neither client nor configuration nor the model's data say one.
    static let defaultCompletionTokens: Int64 = 4096

    private var rules: [(rule: LimitRule, debit: Debit)] = []
    /// What is to be let in by the limits that reject.
    private(set) var demands: [LocalQuota.Demand] = []
    /// What is reserved when all of that is let in.
    private(set) var debits: [Debit] = []
    private let dialect: APIDialect
    private let json: JSONObject
    /// What the request costs at each endpoint.
    let pricing: InferencePricing
    /// Of a request without limits of tokens or money, nothing is counted.
    let bound: TokenBound
    /// Whether tokens are counted, so that a response may be no longer than what is reserved.
    let countsTokens: Bool

    /// The most tokens that a request can need; nothing for one without limits of tokens or money.
    static func bound(of request: InferenceRequest, counting rules: [(rule: LimitRule, counter: String)]) -> TokenBound {
        countsTokens(rules) ? request.dialect.tokenBound(of: request.json) : TokenBound([:])
    }

    private static func countsTokens(_ rules: [(rule: LimitRule, counter: String)]) -> Bool {
        rules.contains { $0.rule.unit == .tokens || $0.rule.unit == .money }
    }

    /// - Parameters:
    ///   - rules: those that count the request, with the counter of each.
    ///   - pricing: what the request costs at the candidates.
    ///   - bound: see `bound(of:counting:)`.
    ///   - second: now, in seconds since 1970.
    init(
        _ request: InferenceRequest, _ rules: [(rule: LimitRule, counter: String)], candidates: [Target], pricing: InferencePricing, bound: TokenBound,
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
                case .tokens: candidates.map { Self.sum(promptBound(for: $0), completionBound(for: $0)) }.max() ?? 0
                case .money:
                    candidates.compactMap { maximumCost(at: $0) }.max() ?? 0
                }
            let debit = Debit(counter: counter, window: window?.start ?? 0, amount: min(amount, Debit.maximum))
            self.rules.append((rule, debit))
            // A budget that only warns keeps nobody out.
            guard rule.rejects else { continue }
            demands.append(.init(rule: rule, key: debit.windowKey, amount: debit.amount, windowEnd: window?.end ?? .max))
            debits.append(debit)
        }
    }

    /// The most that the request can cost at an endpoint, in billionths of a dollar; `nil` without a price.
    private func maximumCost(at target: Target) -> Int64? {
        pricing.maximumCost(at: target, prompt: promptBound(for: target), completion: completionBound(for: target))
    }

    /// The longest prompt that the request can be at an endpoint.
    func promptBound(for target: Target) -> Int64 { pricing.promptBound(bound.prompt, at: target) }

    /// The longest answer of an endpoint, of all choices together.
    func completionBound(for target: Target) -> Int64 {
        guard target.task != .embeddings else { return 0 }
        return bound.completion(maximum: bound.completionPerChoice ?? Self.completionLimit(of: target))
    }

    /// The limit to set for a response, where the client sets none and tokens are counted.
    func completionLimit(for target: Target) -> Int64? {
        countsTokens && bound.completionPerChoice == nil && target.task != .embeddings ? Self.completionLimit(of: target) : nil
    }

    private static func completionLimit(of target: Target) -> Int64 { target.maxOutputTokens ?? defaultCompletionTokens }

    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    /// The text of the prompt, in bytes, for an estimate.
    var promptBytes: Int64 { dialect.tokenBound(of: json).prompt }

    /// What is spent in the end.
    ///
    /// - Parameters:
    ///   - usage: what is to be counted; `nil` when nothing was used.
    ///   - wasSent: whether a provider was asked.
    func spent(tokens: Int64?, cost: Int64?, wasSent: Bool) -> [Debit] { spent(rules[...], tokens, cost, wasSent) }

    /// What a try has spent after which the request goes on.
    func spentInAttempt(tokens: Int64?, cost: Int64?) -> [Debit] {
        spent(rules.filter { $0.rule.unit == .tokens || $0.rule.unit == .money }[...], tokens, cost, false)
    }

    private func spent(
        _ rules: ArraySlice<(rule: LimitRule, debit: Debit)>, _ tokens: Int64?, _ cost: Int64?, _ wasSent: Bool
    ) -> [Debit] {
        rules.map { rule, debit in
            var debit = debit
            switch rule.unit {
            case .requests: debit.amount = wasSent ? 1 : 0
            case .concurrent: debit.amount = 0
            case .tokens: debit.amount = min(tokens ?? 0, Debit.maximum)
            case .money: debit.amount = min(cost ?? 0, Debit.maximum)
            }
            return debit
        }
    }
}
