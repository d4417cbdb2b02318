internal import Database
internal import Primitives
internal import WireProtocol

/// Evaluates a query on PostgreSQL, which groups and aggregates the records itself.
struct PostgreSQLMetricAggregator {
    let query: TraceMetricsQuery

    /// The maximum number of intervals that are queried one by one; with more, a single query groups all records.
    private static let seriesLimit: Int64 = 10_000

    /// - Parameter limit: the maximum number of data points, starting at the query's offset.
    func groups(_ connection: any Connection, limit: Int) throws -> [(key: MetricGroups.Key, values: [Double?])] {
        // With the default of 4 MB, percentiles would be sorted on disk. JIT compilation takes longer than it saves.
        try connection.query("SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true)") { _ in }
        let first = query.interval == nil ? 0 : 1
        let afterDimensions = first + query.dimensions.count
        return try connection.rows("\(statement) LIMIT \(limit) OFFSET \(query.offset)") { row in
            let dimensions = (first..<afterDimensions).map { KeyName(row.text($0)) }
            return (
                MetricGroups.Key(bucket: query.interval == nil ? 0 : row.int(0), dimensions: dimensions),
                // The number of records follows the dimensions.
                query.aggregations.indices.map { row.optionalDouble(afterDimensions + 1 + $0) }
            )
        }
    }

    /// The query for the groups in order. Its columns are time, dimensions, number of records, aggregates.
    private var statement: SQL {
        let sql = MetricSQL(query: query, dialect: .postgresql)
        let names = Array(Self.dimensionNames.prefix(sql.dimensions.count))
        let dimensions = zip(sql.dimensions, names).map { "\($0) AS \($1)" as SQL }
        let aggregates = ["COUNT(*) AS records"] + query.aggregations.map { aggregate($0, of: sql) }
        var order = names.map { "r.\($0) COLLATE \"C\"" as SQL }
        guard let interval = query.interval?.rawValue else {
            return grouped(dimensions + aggregates, sql, by: sql.dimensions, inOrderOf: order)
        }
        if let starts = series(interval) {
            let groups: SQL = names.isEmpty ? "" : "GROUP BY \(Self.list(sql.dimensions))"
            return """
                SELECT b.start, r.* FROM generate_series(\(starts.lowerBound), \(starts.upperBound), \(interval)) AS b (start)
                CROSS JOIN LATERAL (
                    SELECT \(Self.list(dimensions + aggregates)) FROM \(sql.tables)
                    WHERE \(sql.condition(range: false)) AND t.timestamp >= GREATEST(b.start, \(query.start))
                        AND t.timestamp <= LEAST(b.start + \(interval - 1), \(query.end))
                    \(groups)) AS r
                WHERE r.records > 0 ORDER BY \(Self.list(["b.start"] + order))
                """
        }
        let time = sql.time
        let bucket: SQL = "(\(time) - ((\(time) % \(interval)) + \(interval)) % \(interval)) AS bucket"
        order.insert("r.bucket", at: 0)
        // "1" is the first column: repeating the expression with its bound values would not count as the same expression.
        return grouped([bucket] + dimensions + aggregates, sql, by: ["1"] + sql.dimensions, inOrderOf: order)
    }

    /// The starts of the intervals if each should be queried separately; `nil` otherwise. The index contains traces by time, so
    /// each interval is a range of it and nothing needs sorting. With joined tables, one query for all intervals is faster.
    private func series(_ interval: Int64) -> ClosedRange<Int64>? {
        guard query.view == .traces, let start = query.start, let end = query.end else { return nil }
        return TimeBuckets(interval: interval).starts(from: start.rawValue, through: end.rawValue, limit: Self.seriesLimit)
    }

    /// Wraps a grouping in a subquery. PostgreSQL assumes that every value of an expression forms its own group, concludes that a
    /// page needs only a few rows, and picks a plan that is slow when all rows are read. `OFFSET 0` keeps the page's limit out of
    /// that plan.
    private func grouped(_ columns: [SQL], _ sql: MetricSQL, by groups: [SQL], inOrderOf order: [SQL]) -> SQL {
        let selection: SQL = "SELECT \(Self.list(columns)) FROM \(sql.tables) WHERE \(sql.condition())"
        guard !groups.isEmpty else { return selection }
        return "SELECT * FROM (\(selection) GROUP BY \(Self.list(groups)) OFFSET 0) AS r ORDER BY \(Self.list(order))"
    }

    // MARK: Fragments

    private static func list(_ columns: [SQL]) -> SQL { columns.joined(separator: ", ") }

    /// Column aliases for dimensions; no metric has more than five.
    private static let dimensionNames: [SQL] = ["d0", "d1", "d2", "d3", "d4"]

    private func aggregate(_ aggregation: MetricAggregation, of sql: MetricSQL) -> SQL {
        let value = sql.value ?? "1"
        let aggregate: SQL =
            switch aggregation {
            case .count where query.metric.measure == .sessions: "COUNT(DISTINCT \(value))"
            case .count: "COUNT(*)"
            case .sum: "SUM(\(value))"
            case .average: "AVG(\(value))"
            case .minimum: "MIN(\(value))"
            case .maximum: "MAX(\(value))"
            case .percentile(let percentile): "percentile_cont(\(percentile / 100)) WITHIN GROUP (ORDER BY \(value))"
            }
        return "CAST(\(aggregate) AS DOUBLE PRECISION)"
    }
}
