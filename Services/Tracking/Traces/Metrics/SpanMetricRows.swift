internal import Database
internal import Primitives
internal import WireProtocol

/// The model that a span names, which metric queries group by.
struct SpanModel: Sendable, Equatable {
    var name: String?
    var provider: String?

    /// The maximum length of a name in characters, as in MLflow.
    private static let limit = 500

    init(_ attributes: [Attribute]) {
        name = Self.text(attributes[SpanAttribute.model])
        provider = Self.text(attributes[SpanAttribute.provider])
    }

    private static func text(_ value: AttributeValue?) -> String? {
        guard let text = value?.decoded.text, !text.isEmpty else { return nil }
        return Validation.truncate(text, to: limit)
    }
}

/// The SQL of the table `span_metrics`, whose rows are stored in the order of their traces: by experiment and time.
enum SpanMetricRows {
    /// A row for one span of a trace.
    struct Row: Sendable {
        var trace: Int64
        var indexKey: TraceIndexKey
        var id: String
        var name: String
        var type: String
        var status: String
        var start: UnixNanoseconds
        /// 0 if the span hasn't ended.
        var end: UnixNanoseconds
        var cost: Usage?
        var model: SpanModel
    }

    /// - Parameter isDefault: whether existing rows stay unchanged; otherwise they are overwritten.
    static func upsert(_ rows: [Row], isDefault: Bool = false, _ connection: any Connection) throws {
        // NaN represents a missing amount, because the bound array can't contain NULL.
        func amounts(_ name: String) -> SQLColumn { .doubles(rows.map { $0.cost?[name] ?? .nan }) }
        let columns: [SQLColumn] = [
            .integers(rows.map(\.indexKey.experiment)), .integers(rows.map(\.indexKey.timestamp.rawValue)),
            .integers(rows.map(\.trace)), .texts(rows.map(\.id)), .texts(rows.map(\.name)), .texts(rows.map(\.type)),
            .texts(rows.map(\.status)), .integers(rows.map(\.start.rawValue)), .integers(rows.map(\.end.rawValue)),
            amounts("input_cost"), amounts("output_cost"), amounts("total_cost"),
            .texts(rows.map { $0.model.name ?? "" }), .texts(rows.map { $0.model.provider ?? "" }),
        ]
        let conflict: SQL =
            isDefault
            ? "NOTHING"
            : """
            UPDATE SET name = excluded.name, type = excluded.type, status = excluded.status, start_time = excluded.start_time,
                end_time = excluded.end_time, input_cost = excluded.input_cost, output_cost = excluded.output_cost,
                total_cost = excluded.total_cost, model = excluded.model, provider = excluded.provider
            """
        for rows in connection.dialect.rows(columns) {
            try connection.submit(
                """
                INSERT INTO span_metrics (
                    experiment_id, trace_time, trace_id, span_id, name, type, status, start_time, end_time,
                    input_cost, output_cost, total_cost, model, provider)
                SELECT v.column1, v.column2, v.column3, v.column4, v.column5, v.column6, v.column7, v.column8, v.column9,
                    NULLIF(v.column10, 'NaN'), NULLIF(v.column11, 'NaN'), NULLIF(v.column12, 'NaN'),
                    NULLIF(v.column13, ''), NULLIF(v.column14, '')
                FROM (\(rows)) AS v WHERE 1 = 1
                ON CONFLICT (experiment_id, trace_time, trace_id, span_id) DO \(conflict)
                """)
        }
    }

    /// Updates the rows of a trace whose experiment or time has changed.
    static func move(_ trace: Int64, from old: TraceIndexKey, to new: TraceIndexKey, _ connection: any Connection) throws {
        try connection.submit(
            """
            UPDATE span_metrics SET experiment_id = \(new.experiment), trace_time = \(new.timestamp)
            WHERE experiment_id = \(old.experiment) AND trace_time = \(old.timestamp) AND trace_id = \(trace)
            """)
    }

    /// Deletes the rows of existing traces.
    ///
    /// - Parameter traces: a SQL list of their row IDs.
    static func remove(ofTraces traces: SQL, _ connection: any Connection) throws {
        try connection.submit(
            """
            DELETE FROM span_metrics WHERE (experiment_id, trace_time, trace_id) IN (
                SELECT t.experiment_id, t.timestamp, t.id FROM traces t WHERE t.id IN (\(traces)))
            """)
    }
}
