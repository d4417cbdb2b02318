internal import Database
internal import SearchFilter
internal import WireProtocol

/// A request to `traces/calculate-filter-correlation`.
struct TraceCorrelationQuery: Sendable {
    var experiments: [Int64]
    /// The conditions that limit which traces are counted.
    var base: [Comparison]
    /// The first condition, combined with the base.
    var first: [Comparison]
    /// The second condition, combined with the base.
    var second: [Comparison]

    /// - Throws: `ServiceError` or `FilterError` for an invalid query.
    init(_ fields: MessageFields) throws {
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

/// Counts the traces that meet two conditions, separately and together.
struct TraceCorrelationStore: Sendable {
    let database: any Database

    func correlation(_ query: TraceCorrelationQuery) async throws -> TraceCorrelation {
        try await database.read { connection in
            let sql = TraceConditions(experiments: query.experiments, connection: connection)
            let base = try sql.conditions(query.base)
            // The subquery makes the database evaluate each condition only once per trace.
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
