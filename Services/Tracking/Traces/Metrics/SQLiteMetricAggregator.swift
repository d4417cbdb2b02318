internal import Database
internal import HTTPServer
internal import Primitives
internal import WireProtocol

/// Evaluates a query on SQLite: reads the records and groups them in Swift.
///
/// SQLite groups by sorting, which takes longer than reading the records, and it has no percentile function.
struct SQLiteMetricAggregator {
    let query: TraceMetricsQuery
    /// The budget from which memory for values is reserved.
    let memory: RequestMemory?

    /// - Parameter limit: the maximum number of data points, starting at the first.
    func groups(_ connection: any Connection, limit: Int) throws -> [(key: MetricGroups.Key, values: [Double?])] {
        let sql = MetricSQL(query: query, dialect: connection.dialect)
        let count = query.dimensions.count
        let keepsValues = query.aggregations.contains { $0.kind == .percentile }
        var groups = MetricGroups(limit: limit, keepsValues: keepsValues, memory: memory)
        if query.interval == nil, count == 0 {
            // The only group, which exists even without records.
            _ = groups.index(of: MetricGroups.Key(bucket: 0, dimensions: []))
        }
        // Unneeded columns would cost time too.
        var columns = sql.dimensions
        if let value = sql.value { columns.append(value) }
        let timeColumn = columns.count
        if query.interval != nil || columns.isEmpty { columns.append(sql.time) }
        let buckets = query.interval.map { TimeBuckets(interval: $0.rawValue) }
        var bucket: Int64 = 0
        let (hasValue, isDistinct) = (sql.value != nil, query.metric.measure == .sessions)
        try connection.query("SELECT \(columns.joined(separator: ", ")) FROM \(sql.tables) WHERE \(sql.condition())") { row in
            let source = row.source
            if let buckets { buckets.move(&bucket, to: source.integer(timeColumn)) }
            let index = groups.index(bucket: bucket, dimensions: count) { number, body in body(source.utf8(number)) }
            guard let index else { return }
            if isDistinct {
                try groups.add(distinct: row.text(count), at: index)
            } else {
                try groups.add(hasValue ? source.double(count) : 1, at: index)
            }
        }
        return groups.results(query.aggregations)
    }
}
