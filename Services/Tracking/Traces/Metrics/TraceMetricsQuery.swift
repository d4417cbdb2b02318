internal import Primitives
internal import SearchFilter
internal import WireProtocol

/// A validated query of `traces/metrics`.
struct TraceMetricsQuery: Sendable {
    var experiments: [Int64]
    var view: MetricView
    var metric: MetricDefinition
    /// Without duplicates.
    var aggregations: [MetricAggregation]
    var dimensions: [MetricDefinition.Dimension]
    /// Conditions that a record must all meet.
    var filters: [TraceMetricFilter]
    /// The length of a time bucket; `nil` for a single group over all times.
    var interval: Milliseconds?
    /// The start of the time range, inclusive.
    var start: UnixMilliseconds?
    /// The end of the time range, inclusive.
    var end: UnixMilliseconds?
    var limit: Int
    var offset: Int

    private static let defaultLimit: Int32 = 1000
    /// The maximum number of data points in a response. A client that requests more receives a page token.
    static let maximumLimit = 10_000
    /// The maximum offset of a page.
    private static let maximumOffset = 100_000
    /// No trace is that far from 1970, so a longer interval would yield the same groups.
    private static let maximumInterval = Milliseconds(1_000_000_000_000_000)
    /// The maximum number of filters, and of aggregations, in a query; each adds to the SQL statement.
    private static let maximumParts = 100

    /// - Throws: `ServiceError` or `FilterError` for an invalid query.
    init(_ fields: MessageFields) throws {
        let experiments = try fields.requiredStrings("experiment_ids")
        view = try fields.requiredEnumeration("view_type")
        let name = try fields.requiredString("metric_name")
        let aggregations: [MetricAggregation] = try fields.requiredMessages("aggregations")
        let dimensions = try fields.strings("dimensions")
        let filters = try fields.strings("filters")
        let seconds = try fields.integer("time_interval_seconds")
        start = try fields.time("start_time_ms")
        end = try fields.time("end_time_ms")
        let limit = try fields.int32("max_results") ?? Self.defaultLimit
        let token = try fields.string("page_token")

        metric = try MetricDefinition.find(name, in: view)
        try metric.check(aggregations)
        self.aggregations = aggregations.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        self.dimensions = try metric.dimensions(named: dimensions)
        interval = try Self.interval(seconds, isBounded: start != nil && end != nil)
        self.experiments = try ExperimentIDs.parse(experiments)
        for (count, name) in [(filters.count, "filters"), (self.aggregations.count, "aggregations")] {
            guard count <= Self.maximumParts else {
                throw ServiceError.invalidParameter("The parameter '\(name)' has \(count) elements. The limit is \(Self.maximumParts).")
            }
        }
        self.filters = try filters.map { try TraceMetricFilter(parsing: $0) }
        for filter in self.filters { try Self.check(filter, view) }
        guard limit >= 0 else {
            throw ServiceError.invalidParameter(
                "Invalid value \(limit) for parameter 'max_results' supplied. It must be a non-negative integer")
        }
        self.limit = min(Int(limit), Self.maximumLimit)
        offset = try PageToken.offset(of: token)
        guard offset <= Self.maximumOffset else {
            throw ServiceError.invalidParameter(
                "Pages end after \(Self.maximumOffset) data points. Choose a shorter time range or a longer interval.")
        }
    }

    private static func interval(_ seconds: Int64?, isBounded: Bool) throws -> Milliseconds? {
        guard let seconds, seconds != 0 else { return nil }
        guard isBounded else {
            throw ServiceError.invalidParameter("start_time_ms and end_time_ms are required if time_interval_seconds is set")
        }
        let (interval, isTooLarge) = seconds.multipliedReportingOverflow(by: 1000)
        guard seconds > 0, !isTooLarge else {
            throw ServiceError.invalidParameter(
                "Invalid value \(seconds) for parameter 'time_interval_seconds' supplied. It must be a positive number of seconds")
        }
        return min(Milliseconds(interval), maximumInterval)
    }

    private static func check(_ filter: TraceMetricFilter, _ view: MetricView) throws {
        switch (filter.subject.record, view) {
        case (.trace, _), (.span, .spans), (.assessment, .assessments): return
        case (.span, _):
            throw ServiceError.invalidParameter(
                "Filtering by span is only supported for SPANS view type, got \(view.rawValue)")
        case (.assessment, _):
            throw ServiceError.invalidParameter(
                "Filtering by assessment is only supported for ASSESSMENTS view type, got \(view.rawValue)")
        }
    }
}
