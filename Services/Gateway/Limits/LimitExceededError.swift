internal import Primitives
internal import WireProtocol

/// A limit that a request exceeds.
struct LimitExceededError: Error, Sendable {
    var rule: LimitRule
    /// Seconds until the period ends; `nil` for concurrent requests.
    var retryAfter: Int64?
}

extension LimitExceededError: ServiceErrorConvertible {
    var serviceError: ServiceError {
        let what: String =
            switch rule.unit {
            case .requests: "limit '\(rule.name)' of \(rule.cap) requests"
            case .tokens: "limit '\(rule.name)' of \(rule.cap) tokens"
            case .concurrent: "limit '\(rule.name)' of \(rule.cap) concurrent requests"
            case .money: "budget '\(rule.name)' of \(Self.dollars(rule.cap)) USD"
            }
        return ServiceError(
            .resourceExhausted, "The request would exceed the \(what).",
            details: ErrorDetails(openAICode: rule.unit == .money ? "budget_exceeded" : "rate_limit_exceeded"),
            retryAfter: Int(retryAfter ?? 1))
    }

    private static func dollars(_ nano: Int64) -> String {
        let amount = NanoDollars(nano).dollars
        return amount == amount.rounded() ? String(Int64(amount)) : String(amount)
    }
}
