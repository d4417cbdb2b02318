internal import Database
internal import Primitives
internal import SearchFilter
internal import WireProtocol

/// The SQL fragments of a metrics query. In them `t` is a trace, `s` a row of span metrics and `a` an assessment.
struct MetricSQL {
    let query: TraceMetricsQuery
    let dialect: Dialect

    /// The tables, joined in the order in which SQLite must read them; the first is read through an index.
    var tables: SQL {
        switch query.view {
        case .traces: "traces t"
        case .spans where !hasTraceFilters: "span_metrics s"
        case .spans where readsCosts: join("span_metrics s", "traces t", on: "t.id = s.trace_id")
        case .spans:
            join(
                "traces t", "span_metrics s", on: "s.experiment_id = t.experiment_id AND s.trace_time = t.timestamp AND s.trace_id = t.id")
        case .assessments where !hasTraceFilters: "assessments a"
        case .assessments: join("traces t", "assessments a", on: "a.trace_id = t.id")
        }
    }

    private var hasTraceFilters: Bool { query.filters.contains { $0.subject.record == .trace } }

    /// Whether traces are read first. Rows of spans and assessments contain the experiment and the time of their trace, so traces
    /// are needed for filters only.
    private var readsTracesFirst: Bool { query.view == .traces || hasTraceFilters && !readsCosts }

    /// The table that is read first, through its index.
    private var first: SQL { readsTracesFirst ? "t" : query.view == .spans ? "s" : "a" }

    /// The start time of a record's trace.
    private var traceTime: SQL { readsTracesFirst ? "t.timestamp" : "\(first).trace_time" }

    /// Joins two tables. SQLite keeps the order of a `CROSS JOIN`; PostgreSQL chooses the order by its statistics.
    private func join(_ first: SQL, _ second: SQL, on condition: SQL) -> SQL {
        dialect == .sqlite ? "\(first) CROSS JOIN \(second) ON \(condition)" : "\(first) JOIN \(second) ON \(condition)"
    }

    /// Whether the query reads costs. Costs are selected by span time, through an index of the spans that have a cost.
    private var readsCosts: Bool {
        if case .cost = query.metric.measure { true } else { false }
    }

    /// The time that determines a record's bucket, in milliseconds.
    var time: SQL { query.view == .spans ? "(s.start_time / 1000000)" : traceTime }

    /// The expression to aggregate; `nil` if rows are counted.
    var value: SQL? {
        switch (query.metric.measure, query.view) {
        case (.records, _): nil
        case (.sessions, _): "t.session"
        case (.latency, .spans): "((s.end_time - s.start_time) / 1000000)"
        case (.latency, _): "t.duration"
        case (.tokens(.input), _): "t.input_tokens"
        case (.tokens(.output), _): "t.output_tokens"
        case (.tokens(.total), _): "t.total_tokens"
        case (.tokens(.cacheRead), _): "t.cache_read_input_tokens"
        case (.tokens(.cacheCreation), _): "t.cache_creation_input_tokens"
        case (.cost(.input), _): "s.input_cost"
        case (.cost(.output), _): "s.output_cost"
        case (.cost(.total), _): "s.total_cost"
        case (.assessmentValue, _): "a.figure"
        }
    }

    var dimensions: [SQL] { query.dimensions.map(Self.column) }

    private static func column(_ dimension: MetricDefinition.Dimension) -> SQL {
        switch dimension {
        case .traceName: "t.name"
        case .traceStatus: "t.state"
        case .spanName: "s.name"
        case .spanType: "s.type"
        case .spanStatus: "s.status"
        case .spanModelName: "s.model"
        case .spanModelProvider: "s.provider"
        case .assessmentName: "a.name"
        case .assessmentValue: "a.value"
        }
    }

    // MARK: Conditions

    /// The condition that selects the records.
    ///
    /// - Parameter range: whether to include the query's time range.
    func condition(range: Bool = true) -> SQL {
        var conditions: [SQL] = ["\(first).experiment_id IN (\(.list(query.experiments)))"]
        if range { conditions += self.range(from: query.start, through: query.end) }
        if query.view == .assessments { conditions.append("a.valid = 1") }
        if readsCosts {
            // Same predicate as the partial index.
            conditions.append("(s.input_cost IS NOT NULL OR s.output_cost IS NOT NULL OR s.total_cost IS NOT NULL)")
        }
        if query.view == .spans, query.metric.measure == .latency { conditions.append("s.end_time > 0") }
        if let value { conditions.append("\(value) IS NOT NULL") }
        for dimension in query.dimensions {
            switch dimension {
            case .traceName, .spanModelName, .spanModelProvider: conditions.append("\(Self.column(dimension)) IS NOT NULL")
            case .spanType: conditions.append("s.type <> ''")
            default: break
            }
        }
        return .all(conditions + query.filters.map(condition))
    }

    /// The conditions on a record's time: the time of the span for costs, otherwise that of the trace.
    private func range(from start: UnixMilliseconds?, through end: UnixMilliseconds?) -> [SQL] {
        guard readsCosts else {
            return [start.map { "\(traceTime) >= \($0)" }, end.map { "\(traceTime) <= \($0)" }].compactMap(\.self)
        }
        return [
            start.map { "s.start_time >= \(UnixNanoseconds($0))" },
            // Until the end of that millisecond.
            end.map { $0.rawValue == .max ? "1 = 1" : "s.start_time < \(UnixNanoseconds($0 + .milliseconds(1)))" },
        ].compactMap(\.self)
    }

    private func condition(_ filter: TraceMetricFilter) -> SQL {
        let value = filter.value
        switch filter.subject {
        case .traceStatus: return "t.state = \(value)"
        case .traceTag(let key):
            return "EXISTS (SELECT 1 FROM trace_tags g WHERE g.trace_id = t.id AND g.key = \(key) AND g.value = \(value))"
        case .traceMetadata(let key):
            let own: SQL =
                "EXISTS (SELECT 1 FROM trace_metadata d WHERE d.trace_id = t.id AND d.key = \(key) AND d.value = \(value))"
            guard key == TraceKey.sourceRun else { return own }
            return "(\(own) OR t.trace_id IN (SELECT r.trace_id FROM trace_runs r WHERE r.run_id = \(value)))"
        case .spanName: return "s.name = \(value)"
        case .spanStatus: return "s.status = \(value)"
        case .spanType: return "s.type = \(value)"
        case .assessmentName: return "a.name = \(value)"
        case .assessmentType: return "a.kind = \(value)"
        }
    }
}
