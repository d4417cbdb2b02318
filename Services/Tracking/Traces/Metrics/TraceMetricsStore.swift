internal import Database
internal import HTTPServer
internal import MLflowAPI
internal import Primitives
internal import WireProtocol

/// Computes metrics of traces, their spans and their assessments.
struct TraceMetricsStore: Sendable {
    let database: any Database

    /// The data points of one page, sorted by time and then by dimensions. Groups without values are omitted.
    ///
    /// - Parameter memory: the budget from which memory for values is reserved.
    func page(_ query: TraceMetricsQuery, memory: RequestMemory? = nil) async throws -> Page<MetricDataPoint> {
        // One extra group shows whether there is another page.
        let limit = query.limit + 1
        let groups: [(key: MetricGroups.Key, values: [Double?])] = try await database.read { connection in
            switch connection.dialect {
            case .sqlite:
                let aggregator = SQLiteMetricAggregator(query: query, memory: memory)
                let groups = try aggregator.groups(connection, limit: query.offset + limit)
                return Array(groups.dropFirst(query.offset))
            case .postgresql: return try PostgreSQLMetricAggregator(query: query).groups(connection, limit: limit)
            }
        }
        let page = Page(found: groups, size: query.limit, offset: query.offset)
        return Page(items: page.items.compactMap { query.point($0.key, $0.values) }, nextOffset: query.limit > 0 ? page.nextOffset : nil)
    }
}

extension TraceMetricsQuery {
    /// The data point of a group; `nil` if it has no values.
    fileprivate func point(_ key: MetricGroups.Key, _ values: [Double?]) -> MetricDataPoint? {
        let found = zip(aggregations, values).compactMap { aggregation, value in
            value.map { MetricDataPoint.Value(label: aggregation.label, number: $0) }
        }
        guard !found.isEmpty else { return nil }
        return MetricDataPoint(
            metric: metric.name, bucket: interval == nil ? nil : UnixMilliseconds(key.bucket),
            dimensions: zip(dimensions, key.dimensions).map { KeyValue(key: $0.rawValue, value: $1.text) }, values: found)
    }
}
