internal import Database
internal import SearchFilter
internal import ServiceKit
internal import WireProtocol

/// Which traces `traces/calculate-filter-correlation` compares.
struct TraceCorrelationQuery: Sendable {
    var experiments: [Int64]
    /// What all traces must meet that count.
    var base: [Comparison]
    /// Each includes the base.
    var first: [Comparison]
    var second: [Comparison]

    /// - Throws: `ServiceError` or `FilterError` for a query that makes no sense.
    init(_ fields: RequestFields) throws {
        let experiments = try fields.requiredStrings("experiment_ids")
        let first = try fields.requiredString("filter_string1")
        let second = try fields.requiredString("filter_string2")
        let base = try fields.nonEmptyString("base_filter")
        self.experiments = try ExperimentIDs.parse(experiments)
        self.first = try Self.comparisons(base.map { "\($0) and \(first)" } ?? first)
        self.second = try Self.comparisons(base.map { "\($0) and \(second)" } ?? second)
        self.base = try base.map(Self.comparisons) ?? []
    }

    private static func comparisons(_ filter: String) throws -> [Comparison] {
        let comparisons = try Grammar.traces.comparisons(in: filter)
        for comparison in comparisons { try TraceConditions.check(comparison) }
        return comparisons
    }
}

/// Counts traces that meet conditions alone and together.
struct TraceCorrelationStore: Sendable {
    let database: any Database

    func correlation(_ query: TraceCorrelationQuery) async throws -> TraceCorrelation {
        try await database.read { connection in
            let sql = TraceConditions(experiments: query.experiments, connection: connection)
            let base = try sql.conditions(query.base)
            // In a subquery, so that each condition is looked at once for a trace.
            let first = try SQL.all(sql.conditions(query.first))
            let second = try SQL.all(sql.conditions(query.second))
            let scope: SQL = "t.experiment_id IN (\(.list(query.experiments)))"
            let counts = try connection.first(
                """
                SELECT COUNT(*), COALESCE(SUM(c.a), 0), COALESCE(SUM(c.b), 0), COALESCE(SUM(c.a * c.b), 0)
                FROM (
                    SELECT CASE WHEN \(first) THEN 1 ELSE 0 END AS a, CASE WHEN \(second) THEN 1 ELSE 0 END AS b
                    FROM traces t WHERE \(.all([scope] + base))
                ) AS c
                """
            ) { TraceCorrelation(total: $0.int(0), first: $0.int(1), second: $0.int(2), joint: $0.int(3)) }
            return counts ?? TraceCorrelation(total: 0, first: 0, second: 0, joint: 0)
        }
    }
}
