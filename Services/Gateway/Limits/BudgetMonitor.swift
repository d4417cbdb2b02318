internal import Database
internal import Logging
internal import Primitives
internal import ServiceKit
internal import Synchronization

/// Compares what all gateways have spent with the budgets, and raises an alert when a budget reaches its threshold: once per
/// period, in the log and in a metric.
final class BudgetMonitor: Sendable {
    private struct State {
        var alerted: Set<WindowKey> = []
        /// The fraction of the cap that is spent, by counter.
        var spentRatios: [String: Double] = [:]
        var alerts: [String: Int] = [:]
    }

    private let database: any Database
    private let logger: Logger
    private let state = Mutex(State())

    init(database: any Database, logger: Logger) {
        self.database = database
        self.logger = logger
    }

    /// Checks all budgets among the rules.
    ///
    /// - Parameter second: the current time in seconds since 1970.
    func check(_ rules: [LimitRule], second: Int64) async throws {
        var spentRatios: [String: Double] = [:]
        var current: Set<WindowKey> = []
        for rule in rules {
            guard rule.unit == .money, let window = rule.period?.window(at: second) else { continue }
            for (counter, amount) in try await spentAmounts(rule, window.start) {
                let ratio = rule.cap > 0 ? Double(amount.rawValue) / Double(rule.cap) : 1
                let key = WindowKey(counter: counter, window: window.start)
                spentRatios[counter] = ratio
                current.insert(key)
                guard let threshold = rule.alertThreshold, ratio >= threshold,
                    state.withLock({ $0.alerted.insert(key).inserted })
                else { continue }
                state.withLock { $0.alerts[rule.name, default: 0] += 1 }
                logger.warning(
                    "a budget has reached its alert threshold",
                    metadata: [
                        "budget": "\(rule.name)", "counter": "\(counter)", "spent_usd": "\(amount.dollars)",
                        "cap_usd": "\(NanoDollars(rule.cap).dollars)",
                    ])
            }
        }
        state.withLock { state in
            state.spentRatios = spentRatios
            state.alerted.formIntersection(current)
        }
    }

    /// Returns what is spent of a budget in a window, by counter.
    private func spentAmounts(_ rule: LimitRule, _ window: Int64) async throws -> [(String, NanoDollars)] {
        let prefix = rule.name + "|"
        let length = Int64(prefix.unicodeScalars.count)
        let condition: SQL = rule.scope == nil ? "counter = \(rule.name)" : "substr(counter, 1, \(length)) = \(prefix)"
        return try await database.read { connection in
            try connection.rows(
                """
                SELECT counter, CAST(SUM(amount) AS BIGINT) FROM (
                    SELECT counter, spent AS amount FROM limit_leases WHERE \(condition) AND window_start = \(window)
                    UNION ALL SELECT counter, used AS amount FROM limit_windows WHERE \(condition) AND window_start = \(window)
                ) AS amounts GROUP BY counter LIMIT 1000
                """
            ) { ($0.text(0), $0.quantity(1)) }
        }
    }

    func write(to text: inout PrometheusText) {
        let (spentRatios, alerts) = state.withLock { ($0.spentRatios, $0.alerts) }
        text.metric("unladen_gateway_budget_spent_ratio", .gauge, "Fraction of the budget's cap that is spent in the current period.")
        for (counter, ratio) in spentRatios.sorted(by: { $0.key < $1.key }) { text.sample(ratio, labels: [("budget", counter)]) }
        text.metric("unladen_gateway_budget_alerts_total", .counter, "Periods in which the budget reached its alert threshold.")
        for (name, count) in alerts.sorted(by: { $0.key < $1.key }) { text.sample(Double(count), labels: [("budget", name)]) }
    }
}
