internal import GatewayFormats
internal import JSON

/// What a request takes of the limits that count it: first the most that it can need, in the end what it has used.
struct Reservation: Sendable {
    /// The longest answer that is allowed where neither client nor configuration nor the model's data say one.
    static let standardAnswer: Int64 = 4096

    private var rules: [(rule: LimitRule, charge: Charge)] = []
    /// What is to be let in by the limits that reject.
    private(set) var wants: [LimitBook.Want] = []
    /// What is reserved when all of that is let in.
    private(set) var charges: [Charge] = []
    private let shape: CallShape
    private let request: JSONObject
    /// What the request costs at each endpoint.
    let pricing: CallPricing
    /// Of a request without limits of tokens or money, nothing is counted.
    let bound: TokenBound
    /// Whether tokens are counted, so that an answer may be no longer than what is reserved.
    let countsTokens: Bool

    /// The most tokens that a request can need; nothing for one without limits of tokens or money.
    static func bound(of call: GatewayCall, counting rules: [(rule: LimitRule, counter: String)]) -> TokenBound {
        countsTokens(rules) ? call.shape.bound(of: call.request) : TokenBound([:])
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
        _ call: GatewayCall, _ rules: [(rule: LimitRule, counter: String)], candidates: [Target], pricing: CallPricing, bound: TokenBound,
        second: Int64
    ) {
        shape = call.shape
        self.pricing = pricing
        request = call.request
        countsTokens = Self.countsTokens(rules)
        self.bound = bound
        self.rules.reserveCapacity(rules.count)
        wants.reserveCapacity(rules.count)
        charges.reserveCapacity(rules.count)
        for (rule, counter) in rules {
            let window = rule.period?.window(at: second)
            let amount: Int64 =
                switch rule.unit {
                case .requests, .concurrent: 1
                case .tokens: candidates.map { Self.sum(prompt(for: $0), completion(for: $0)) }.max() ?? 0
                case .money:
                    candidates.compactMap { mostExpensive(at: $0) }.max() ?? 0
                }
            let charge = Charge(counter: counter, window: window?.start ?? 0, amount: min(amount, Charge.most))
            self.rules.append((rule, charge))
            // A budget that only warns keeps nobody out.
            guard rule.rejects else { continue }
            wants.append(.init(rule: rule, key: charge.windowKey, amount: charge.amount, end: window?.end ?? .max))
            charges.append(charge)
        }
    }

    /// The most that the request can cost at an endpoint, in billionths of a dollar; `nil` without a price.
    private func mostExpensive(at target: Target) -> Int64? {
        pricing.mostExpensive(at: target, prompt: prompt(for: target), completion: completion(for: target))
    }

    /// The longest prompt that the request can be at an endpoint.
    func prompt(for target: Target) -> Int64 { pricing.prompt(bound.prompt, at: target) }

    /// The longest answer of an endpoint, of all choices together.
    func completion(for target: Target) -> Int64 {
        guard target.task != .embeddings else { return 0 }
        return bound.completion(maximum: bound.answer ?? Self.limit(of: target))
    }

    /// The limit to set for an answer, where the client sets none and tokens are counted.
    func answerLimit(for target: Target) -> Int64? {
        countsTokens && bound.answer == nil && target.task != .embeddings ? Self.limit(of: target) : nil
    }

    private static func limit(of target: Target) -> Int64 { target.maxOutputTokens ?? standardAnswer }

    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    /// The text of the prompt, in bytes, for an estimate.
    var promptBytes: Int64 { shape.bound(of: request).prompt }

    /// What is spent in the end.
    ///
    /// - Parameters:
    ///   - usage: what is to be counted; `nil` when nothing was used.
    ///   - wasSent: whether a provider was asked.
    func spent(tokens: Int64?, cost: Int64?, wasSent: Bool) -> [Charge] { spent(rules[...], tokens, cost, wasSent) }

    /// What a try has spent after which the request goes on.
    func spentInTry(tokens: Int64?, cost: Int64?) -> [Charge] {
        spent(rules.filter { $0.rule.unit == .tokens || $0.rule.unit == .money }[...], tokens, cost, false)
    }

    private func spent(
        _ rules: ArraySlice<(rule: LimitRule, charge: Charge)>, _ tokens: Int64?, _ cost: Int64?, _ wasSent: Bool
    ) -> [Charge] {
        rules.map { rule, charge in
            var charge = charge
            switch rule.unit {
            case .requests: charge.amount = wasSent ? 1 : 0
            case .concurrent: charge.amount = 0
            case .tokens: charge.amount = min(tokens ?? 0, Charge.most)
            case .money: charge.amount = min(cost ?? 0, Charge.most)
            }
            return charge
        }
    }
}
