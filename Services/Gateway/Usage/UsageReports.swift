internal import Database
internal import Primitives
internal import WireProtocol

/// Aggregated usage from the ledger.
struct UsageReports: Sendable {
    let database: any Database

    /// Returns a row for each combination of the query's dimensions, most expensive first, and the total.
    func report(_ query: UsageQuery) async throws -> UsageReport {
        let rows = try await database.read { connection in
            var rows: [UsageReport.Row] = []
            try connection.query(Self.statement(query)) { rows.append(Self.row($0, query)) }
            return rows
        }
        let total = try await database.read { connection in
            var query = query
            query.by = []
            return try connection.first(Self.statement(query)) { Self.row($0, query) } ?? UsageReport.Row()
        }
        return UsageReport(from: query.from, to: query.to, rows: rows, total: total)
    }

    private static func statement(_ query: UsageQuery) -> SQL {
        var select: SQL = "SELECT "
        var group: SQL = ""
        for (index, dimension) in query.by.enumerated() {
            if index > 0 { group.append(", ") }
            select.append("\(column(dimension)), ")
            group.append(column(dimension))
        }
        select.append(
            """
            COUNT(CASE WHEN \(isRequest) THEN 1 END), CAST(SUM(prompt_tokens) AS BIGINT),
            CAST(SUM(completion_tokens) AS BIGINT), CAST(SUM(cached_tokens) AS BIGINT),
            CAST(SUM(cost) AS BIGINT), COUNT(CASE WHEN cost IS NULL AND prompt_tokens IS NOT NULL THEN 1 END),
            COUNT(CASE WHEN status >= 400 AND \(isRequest) THEN 1 END), COUNT(CASE WHEN flags % 2 = 1 THEN 1 END),
            CAST(SUM(latency) AS BIGINT), CAST(SUM(first_token) AS BIGINT), COUNT(first_token),
            CAST(SUM(cache_write_tokens) AS BIGINT), CAST(SUM(cache_write_1h_tokens) AS BIGINT)
            FROM usage WHERE at >= \(query.from) AND at < \(query.to)
            """)
        if !query.by.isEmpty {
            select.append(" GROUP BY \(group) ORDER BY SUM(cost) DESC NULLS LAST, COUNT(*) DESC, \(group) LIMIT 10000")
        }
        return select
    }

    /// Rows of earlier attempts have tokens and a cost, but aren't requests; see `UsageRecord.Flags.earlierAttempt`.
    private static let isRequest: SQL = "flags / 64 % 2 = 0"

    private static func column(_ dimension: UsageReport.Dimension) -> SQL {
        switch dimension {
        case .team: "(SELECT name FROM usage_names WHERE id = usage.team)"
        case .key: "(SELECT name FROM usage_names WHERE id = usage.key)"
        case .route: "(SELECT name FROM usage_names WHERE id = usage.route)"
        case .provider: "(SELECT name FROM usage_names WHERE id = usage.provider)"
        case .model: "(SELECT name FROM usage_names WHERE id = usage.model)"
        case .status: "status"
        case .day: "at / 86400000"
        case .hour: "at / 3600000"
        }
    }

    private static func row(_ row: borrowing Row, _ query: UsageQuery) -> UsageReport.Row {
        var usage = UsageReport.Row()
        for (index, dimension) in query.by.enumerated() {
            let value: JSONValue =
                switch dimension {
                case .status: .integer(row.int(index))
                case .day: .integer(row.int(index) * 86_400_000)
                case .hour: .integer(row.int(index) * 3_600_000)
                default: row.optionalText(index).map { .string($0) } ?? .null
                }
            usage.dimensions.members.append(.init(name: dimension.rawValue, value: value))
        }
        let first = query.by.count
        usage.requests = row.int(first)
        usage.promptTokens = row.optionalInt(first + 1) ?? 0
        usage.completionTokens = row.optionalInt(first + 2) ?? 0
        usage.cachedTokens = row.optionalInt(first + 3) ?? 0
        usage.cost = row.optionalQuantity(first + 4).map { (cost: NanoDollars) in cost.dollars }
        usage.unpricedRequests = row.int(first + 5)
        usage.errors = row.optionalInt(first + 6) ?? 0
        usage.cached = row.optionalInt(first + 7) ?? 0
        // Microseconds.
        if usage.requests > 0 { usage.meanLatency = Double(row.int(first + 8)) / Double(usage.requests) / 1000 }
        let streams = row.int(first + 10)
        if streams > 0 { usage.meanTimeToFirstToken = Double(row.int(first + 9)) / Double(streams) / 1000 }
        usage.cacheWriteTokens = row.optionalInt(first + 11) ?? 0
        usage.cacheWrite1hTokens = row.optionalInt(first + 12) ?? 0
        return usage
    }

    /// Returns how much of each limit's current window is spent or reserved by all gateways.
    func limits(_ rules: [LimitRule], now: UnixMilliseconds) async throws -> [LimitUsage] {
        let taken = try await database.read { connection in
            try connection.rows(
                """
                SELECT w.counter, w.window_start, w.window_end, w.used + COALESCE((
                    SELECT CAST(SUM(CASE WHEN l.spent > l.granted THEN l.spent ELSE l.granted END) AS BIGINT) FROM limit_leases l
                    WHERE l.counter = w.counter AND l.window_start = w.window_start), 0), w.used + COALESCE((
                    SELECT CAST(SUM(l.spent) AS BIGINT) FROM limit_leases l
                    WHERE l.counter = w.counter AND l.window_start = w.window_start), 0)
                FROM limit_windows w WHERE w.window_start = 0 OR w.window_end > \(now.seconds) ORDER BY w.counter LIMIT 10000
                """
            ) { (counter: $0.text(0), start: $0.int(1), end: $0.int(2), held: $0.int(3), spent: $0.int(4)) }
        }
        return taken.compactMap { entry in
            let name = entry.counter.split(separator: "|", maxSplits: 1).first.map(String.init) ?? entry.counter
            // Another configuration may have had a limit of this name without windows, or with them.
            guard let rule = rules.first(where: { $0.name == name }), (entry.start == 0) == (rule.period == nil) else { return nil }
            let scale = rule.unit == .money ? 1e9 : 1
            let end = rule.period == nil ? nil : UnixMilliseconds(entry.end.saturatingMultiply(by: 1000))
            return LimitUsage(
                limit: name, counter: entry.counter, cap: Double(rule.cap) / scale, spent: Double(entry.spent) / scale,
                held: Double(entry.held) / scale, endsAt: end)
        }
    }
}
