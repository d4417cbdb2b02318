internal import SearchFilter
internal import WireProtocol

/// A metric that can be queried: what it measures, and its supported aggregations and dimensions.
struct MetricDefinition: Sendable {
    let name: String
    let measure: Measure
    let aggregations: [MetricAggregation.Kind]
    let dimensions: [Dimension]

    enum Measure: Sendable, Hashable {
        /// The number of records.
        case records
        /// The number of distinct sessions that the traces belong to.
        case sessions
        /// The duration of a trace or a span, in milliseconds.
        case latency
        case tokens(TokenKind)
        /// The cost of a span, in US dollars.
        case cost(CostKind)
        /// The numeric value of an assessment.
        case assessmentValue
    }

    enum TokenKind: Sendable, Hashable {
        case input, output, total, cacheRead, cacheCreation
    }

    enum CostKind: Sendable, Hashable {
        case input, output, total
    }

    /// A property to group records by; the raw value is its name on the wire.
    enum Dimension: String, Sendable, Hashable {
        case traceName = "trace_name"
        case traceStatus = "trace_status"
        case spanName = "span_name"
        case spanType = "span_type"
        case spanStatus = "span_status"
        case spanModelName = "span_model_name"
        case spanModelProvider = "span_model_provider"
        case assessmentName = "assessment_name"
        case assessmentValue = "assessment_value"
    }

    private init(
        _ name: String, _ measure: Measure, _ aggregations: [MetricAggregation.Kind], by dimensions: Dimension...
    ) {
        (self.name, self.measure, self.aggregations, self.dimensions) = (name, measure, aggregations, dimensions)
    }

    // MARK: All metrics

    private static let spread: [MetricAggregation.Kind] = [.average, .minimum, .maximum, .percentile]
    private static let amounts: [MetricAggregation.Kind] = [.sum] + spread

    private static let traces = [
        MetricDefinition("trace_count", .records, [.count], by: .traceName, .traceStatus),
        MetricDefinition("session_count", .sessions, [.count]),
        MetricDefinition("latency", .latency, spread, by: .traceName),
        MetricDefinition("input_tokens", .tokens(.input), amounts, by: .traceName),
        MetricDefinition("output_tokens", .tokens(.output), amounts, by: .traceName),
        MetricDefinition("total_tokens", .tokens(.total), amounts, by: .traceName),
        MetricDefinition("cache_read_input_tokens", .tokens(.cacheRead), amounts, by: .traceName),
        MetricDefinition("cache_creation_input_tokens", .tokens(.cacheCreation), amounts, by: .traceName),
    ]

    private static let spans = [
        MetricDefinition(
            "span_count", .records, [.count], by: .spanName, .spanType, .spanStatus, .spanModelName, .spanModelProvider),
        MetricDefinition("latency", .latency, spread, by: .spanName, .spanStatus),
        MetricDefinition("input_cost", .cost(.input), amounts, by: .spanModelName, .spanModelProvider),
        MetricDefinition("output_cost", .cost(.output), amounts, by: .spanModelName, .spanModelProvider),
        MetricDefinition("total_cost", .cost(.total), amounts, by: .spanModelName, .spanModelProvider),
    ]

    private static let assessments = [
        MetricDefinition("assessment_count", .records, [.count], by: .assessmentName, .assessmentValue),
        MetricDefinition("assessment_value", .assessmentValue, spread, by: .assessmentName),
    ]

    private static func all(of view: MetricView) -> [MetricDefinition] {
        switch view {
        case .traces: traces
        case .spans: spans
        case .assessments: assessments
        }
    }

    // MARK: Validation

    /// Returns the metric with a name.
    ///
    /// - Throws: `ServiceError` if the view has no such metric.
    static func find(_ name: String, in view: MetricView) throws -> MetricDefinition {
        let metrics = all(of: view)
        guard let metric = metrics.first(where: { $0.name == name }) else {
            let names = PythonRepr.list(metrics.map(\.name))
            throw ServiceError.invalidParameter("metric_name must be one of \(untruncated: names), got '\(name)'")
        }
        return metric
    }

    /// - Throws: `ServiceError` for aggregations that the metric doesn't support.
    func check(_ requested: [MetricAggregation]) throws {
        let invalid = Set(requested.map(\.kind)).subtracting(aggregations).map(\.rawValue).sorted()
        guard invalid.isEmpty else {
            throw ServiceError.invalidParameter(
                """
                Found invalid aggregation_type(s): \(untruncated: PythonRepr.list(invalid)). Supported aggregation types: \
                \(untruncated: PythonRepr.list(aggregations.map(\.rawValue).sorted()))
                """)
        }
    }

    /// The dimensions with these names, without duplicates.
    ///
    /// - Throws: `ServiceError` for dimensions that the metric doesn't support.
    func dimensions(named names: [String]) throws -> [Dimension] {
        var found: [Dimension] = []
        var invalid: Set<String> = []
        for name in names {
            if let dimension = Dimension(rawValue: name), dimensions.contains(dimension) {
                if !found.contains(dimension) { found.append(dimension) }
            } else {
                invalid.insert(name)
            }
        }
        guard invalid.isEmpty else {
            throw ServiceError.invalidParameter(
                """
                Found invalid dimension(s): \(PythonRepr.list(invalid.sorted())). Supported dimensions: \
                \(untruncated: PythonRepr.list(dimensions.map(\.rawValue).sorted()))
                """)
        }
        return found
    }
}
