internal import Database
internal import MLflowAPI
internal import SearchFilter

/// A search of runs as one statement, for PostgreSQL, where transferring the IDs of all matching runs would dominate the cost.
enum RunSearchStatement {
    /// Aliases for the tables of sort keys. With more sort keys, the service sorts.
    private static let aliases: [SQL] = ["o0", "o1", "o2", "o3"]

    static func canSort(by order: [OrderBy]) -> Bool { order.count <= aliases.count }

    /// Returns the runs of the page, and one more if another page follows.
    ///
    /// - Parameters:
    ///   - scope: the condition on `runs r` for the experiments and the stages.
    ///   - keys: returns the key IDs of a name in the searched experiments.
    static func page(
        _ query: RunQuery, scope: SQL, keys: (String) throws -> [Int64], _ connection: any Connection
    ) throws -> [RunRow] {
        // The metrics of sort keys are joined anyway, so comparisons of them need no subquery.
        let isSorted = { (comparison: Comparison) in
            comparison.entity == .metric
                && query.order.contains { $0.entity == .metric && KeyName($0.key) == KeyName(comparison.key) }
        }
        let conditions = try RunConditions(
            query.comparisons.filter { !isSorted($0) }, experiments: query.experiments, dialect: connection.dialect, keys: keys)
        var all = [scope] + conditions.attributes
        all += conditions.matches.map { "r.id IN (\($0))" }
        all += conditions.exclusions.map { "r.id NOT IN (\($0))" }
        var joins: SQL = ""
        var terms: [SQL] = []
        for (order, alias) in zip(query.order, aliases) {
            if let table = table(of: order.entity) {
                joins.append(
                    """
                     LEFT JOIN \(table) \(alias) ON \(alias).run_id = r.id AND \(alias).key_id IN (\(.list(try keys(order.key))))
                    """)
            }
            terms += Self.terms(for: order, alias)
            guard order.entity == .metric else { continue }
            for comparison in query.comparisons where isSorted(comparison) && KeyName(comparison.key) == KeyName(order.key) {
                all.append(
                    try comparison.condition(onMetric: "\(alias).value", isNaN: "\(alias).is_nan", connection.dialect))
            }
        }
        terms += ["r.start_time DESC", "r.run_uuid"]
        return try connection.rows(
            """
            SELECT \(RunRow.columns) FROM runs r\(joins) WHERE \(.all(all))
            ORDER BY \(terms.joined(separator: ", ")) LIMIT \(query.limit + 1) OFFSET \(query.offset)
            """, RunRow.init)
    }

    /// The table with the values to sort by; `nil` for attributes, which are columns of `runs`.
    private static func table(of entity: Entity) -> SQL? {
        switch entity {
        case .metric: "latest_metrics"
        case .parameter: "params"
        case .tag: "tags"
        default: nil
        }
    }

    private static func terms(for order: OrderBy, _ alias: SQL) -> [SQL] {
        switch order.entity {
        case .metric:
            // Numbers come first, then NaN, then runs without the metric, in both directions.
            [
                "COALESCE(\(alias).is_nan, 2)",
                .sorted(by: "CASE WHEN \(alias).is_nan = 0 THEN \(alias).value END", ascending: order.ascending),
            ]
        case .parameter, .tag: [.sorted(by: "\(alias).value COLLATE \"C\"", ascending: order.ascending)]
        default:
            [
                .sorted(
                    by: ["start_time", "end_time"].contains(order.key)
                        ? RunConditions.column(order.key) : "\(RunConditions.column(order.key)) COLLATE \"C\"",
                    ascending: order.ascending)
            ]
        }
    }
}
