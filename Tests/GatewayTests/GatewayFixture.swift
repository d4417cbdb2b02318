import AdapterHost
import Database
import Foundation
import Logging
import Primitives
import ServiceKit
import TestSupport

@testable import Gateway

/// Gateways that share a database and a directory, each with its own usage log, without routes and providers.
struct GatewayFixture: Sendable {
    let database: any Database
    let directory: String

    static func run(on engine: TestEngine, _ body: @Sendable (GatewayFixture) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            try await withDatabase(engine) { database in
                try await Gateway.migrate(database)
                try await body(GatewayFixture(database: database, directory: directory))
            }
        }
    }

    static let logger = Logger(service: "test", level: .critical, format: .text)

    static var metrics: GatewayMetrics { GatewayMetrics(factory: PrometheusMetricsFactory(service: "test")) }

    func usageRecorder(clock: any Clock<Duration> = ContinuousClock()) async throws -> UsageRecorder {
        let replicas = ReplicaStore(database: database)
        let identity = try await replicas.identity("test")
        return try await UsageRecorder.open(
            replicas: replicas, store: UsageStore(database: database),
            directory: UsageLogDirectory(path: directory, database: identity), time: .system, clock: clock,
            logger: Self.logger)
    }

    /// Returns all rows of the ledger.
    func rows() async throws -> [(gateway: Int64, sequence: Int64, tokens: Int64, flags: Int64)] {
        try await database.read { connection in
            try connection.rows("SELECT gateway, sequence, COALESCE(prompt_tokens, 0), flags FROM usage ORDER BY gateway, sequence") {
                ($0.int(0), $0.int(1), $0.int(2), $0.int(3))
            }
        }
    }

    /// Returns what all gateways together have spent and been granted of a counter, according to the database.
    func taken(_ counter: String) async throws -> (spent: Int64, granted: Int64) {
        try await database.read { connection in
            let used =
                try connection.first("SELECT COALESCE(CAST(SUM(used) AS BIGINT), 0) FROM limit_windows WHERE counter = \(counter)") {
                    $0.int(0)
                } ?? 0
            let leases = try connection.first(
                """
                SELECT COALESCE(CAST(SUM(spent) AS BIGINT), 0), COALESCE(CAST(SUM(granted) AS BIGINT), 0) FROM limit_leases
                WHERE counter = \(counter)
                """
            ) { ($0.int(0), $0.int(1)) }
            return (used + (leases?.0 ?? 0), used + (leases?.1 ?? 0))
        }
    }
}

/// The current time in seconds since 1970; a fixed time would not do, since windows that have ended are dropped.
let now = Int64(Date().timeIntervalSince1970)

extension LimitRule {
    static func tokens(_ name: String, cap: Int64, _ period: Period? = .day) -> LimitRule {
        LimitRule(name: name, line: 1, unit: period == nil ? .concurrent : .tokens, cap: cap, period: period)
    }

    func demand(_ amount: Int64) -> LocalQuota.Demand {
        let window = period?.window(at: now)
        return LocalQuota.Demand(
            rule: self, key: WindowKey(counter: name, window: window?.start ?? 0), amount: amount, windowEnd: window?.end ?? .max)
    }
}

extension UsageRecorder {
    /// Runs a request that reserves `most` of a limit and spends `used`.
    func request(_ rule: LimitRule, most: Int64, used: Int64, pause: Duration? = nil) async throws {
        let demands = [rule.demand(most)]
        try await rateLimiter.admit(demands, now: now)
        let reserved = demands.map { Debit(counter: $0.key.counter, window: $0.key.window, amount: most) }
        var record = UsageRecord(sequence: 0, at: UnixMilliseconds(now * 1000), route: "r")
        record.debits = reserved
        try begin(&record)
        if let pause { try await Task.sleep(for: pause) }
        record.promptTokens = used
        record.debits = reserved.map { Debit(counter: $0.counter, window: $0.window, amount: used) }
        end(record, reserved: reserved)
    }
}
