internal import Database
internal import Primitives
internal import WireProtocol

/// A row of the table `traces`, without tags, metadata and assessments.
struct TraceRow: Sendable {
    static let columns: SQL =
        """
        t.id, t.trace_id, t.experiment_id, t.timestamp, t.duration, t.state, t.client_request_id, t.request_preview, \
        t.response_preview, t.is_final, t.given_usage, t.name, t.session
        """

    var id: Int64
    var info: TraceInfoV3
    /// Whether the client has sent the trace's final info, so that later spans change neither its time nor its duration.
    var isFinal: Bool
    /// The sums that the client has reported; these are not computed from the spans.
    var reportedUsage: ReportedUsage
    /// The trace's name, from its tags, truncated for metric queries.
    var name: String?
    /// The trace's session, from its metadata, truncated for metric queries.
    var session: String?
    /// The token counts to write; `nil` keeps the stored ones.
    var tokens: TokenCounts?

    /// Reads a row of `columns`.
    init(_ row: borrowing Row) {
        id = row.int(0)
        info = TraceInfoV3(
            traceID: row.text(1), experimentID: row.int(2), requestTime: row.quantity(3), executionDuration: row.optionalQuantity(4),
            state: TraceState(rawValue: row.text(5)) ?? .unspecified, clientRequestID: row.optionalText(6),
            requestPreview: row.optionalText(7), responsePreview: row.optionalText(8))
        isFinal = row.bool(9)
        reportedUsage = ReportedUsage(rawValue: row.int(10))
        name = row.optionalText(11)
        session = row.optionalText(12)
    }

    var indexKey: TraceIndexKey { TraceIndexKey(experiment: info.experimentID, timestamp: info.requestTime) }

    /// The number of characters of a name or a session that metric queries distinguish. A PostgreSQL index has no room for more.
    static let metricTextLength = 250

    /// Truncates a name or a session for metric queries.
    static func metricText(_ text: String) -> String { Validation.truncate(text, to: metricTextLength) }

    /// A set of sums that a client has reported.
    struct ReportedUsage: OptionSet, Sendable {
        let rawValue: Int64

        static let tokens = ReportedUsage(rawValue: 1)
        static let cost = ReportedUsage(rawValue: 2)
    }

    static func find(_ traceID: String, _ connection: any Connection) throws -> TraceRow? {
        try connection.first("SELECT \(columns) FROM traces t WHERE t.trace_id = \(traceID)", TraceRow.init)
    }

    static func find(_ traceIDs: [String], _ connection: any Connection) throws -> [TraceRow] {
        try traceIDs.powerOfTwoChunks(limit: 128).flatMap { slice in
            try connection.rows("SELECT \(columns) FROM traces t WHERE t.trace_id IN (\(.list(slice)))", TraceRow.init)
        }
    }

    /// Returns the row ID of a trace, and locks the row until the transaction ends.
    ///
    /// - Throws: `ServiceError` if the trace doesn't exist.
    static func lock(_ traceID: String, _ connection: any Connection) throws -> Int64 {
        let lock = connection.dialect.forUpdate
        let id = try connection.first("SELECT id FROM traces WHERE trace_id = \(traceID)\(lock)") { $0.int(0) }
        guard let id else { throw ServiceError.traceNotFound(traceID) }
        return id
    }
}

/// The columns by which metric queries find a trace.
struct TraceIndexKey: Sendable, Equatable {
    var experiment: Int64
    var timestamp: UnixMilliseconds
}

/// The SQL of traces and their dependent rows, in bulk.
enum TraceRows {
    /// A trace's row ID and the key of one of its tags, metadata entries or spans.
    struct Key: Hashable, Sendable {
        var trace: Int64
        var name: KeyName

        init(_ trace: Int64, _ name: String) { (self.trace, self.name) = (trace, KeyName(name)) }
    }

    /// Inserts traces with minimal info, unless they exist.
    static func add(_ traces: [(id: String, experiment: Int64, timestamp: UnixMilliseconds)], _ connection: any Connection) throws {
        let columns: [SQLColumn] = [
            .texts(traces.map(\.id)), .integers(traces.map(\.experiment)), .integers(traces.map(\.timestamp.rawValue)),
            .texts(traces.map { _ in TraceState.unspecified.rawValue }), .integers(traces.map { _ in 0 }),
            .integers(traces.map { _ in 0 }),
        ]
        for rows in connection.dialect.rows(columns) {
            try connection.submit(
                """
                INSERT INTO traces (trace_id, experiment_id, timestamp, state, is_final, given_usage) \(rows)
                ON CONFLICT (trace_id) DO NOTHING
                """)
        }
    }

    /// Updates existing traces.
    static func update(_ traces: [TraceRow], _ connection: any Connection) throws {
        let columns: [SQLColumn] = [
            .integers(traces.map(\.id)), .integers(traces.map(\.info.experimentID)),
            .integers(traces.map(\.info.requestTime.rawValue)), .integers(traces.map { $0.info.executionDuration?.rawValue ?? nullMarker }),
            .texts(traces.map(\.info.state.rawValue)),
            .texts(traces.map { $0.info.clientRequestID ?? "" }), .texts(traces.map { $0.info.requestPreview ?? "" }),
            .texts(traces.map { $0.info.responsePreview ?? "" }), .integers(traces.map { $0.isFinal ? 1 : 0 }),
            .integers(traces.map(\.reportedUsage.rawValue)), .integers(traces.map { $0.tokens == nil ? 0 : 1 }),
            .integers(traces.map { $0.tokens?.input ?? nullMarker }), .integers(traces.map { $0.tokens?.output ?? nullMarker }),
            .integers(traces.map { $0.tokens?.total ?? nullMarker }), .integers(traces.map { $0.tokens?.cacheRead ?? nullMarker }),
            .integers(traces.map { $0.tokens?.cacheCreation ?? nullMarker }), .texts(traces.map { $0.name ?? "" }),
            .texts(traces.map { $0.session ?? "" }),
        ]
        func tokens(_ new: SQL, _ old: SQL) -> SQL { "CASE v.column11 WHEN 1 THEN NULLIF(\(new), \(nullMarker)) ELSE \(old) END" }
        for rows in connection.dialect.rows(columns) {
            try connection.submit(
                """
                UPDATE traces SET experiment_id = v.column2, timestamp = v.column3, duration = NULLIF(v.column4, \(nullMarker)),
                    state = v.column5, client_request_id = NULLIF(v.column6, ''), request_preview = NULLIF(v.column7, ''),
                    response_preview = NULLIF(v.column8, ''), is_final = v.column9, given_usage = v.column10,
                    name = NULLIF(v.column17, ''), session = NULLIF(v.column18, ''),
                    input_tokens = \(tokens("v.column12", "traces.input_tokens")),
                    output_tokens = \(tokens("v.column13", "traces.output_tokens")),
                    total_tokens = \(tokens("v.column14", "traces.total_tokens")),
                    cache_read_input_tokens = \(tokens("v.column15", "traces.cache_read_input_tokens")),
                    cache_creation_input_tokens = \(tokens("v.column16", "traces.cache_creation_input_tokens"))
                FROM (\(rows)) AS v WHERE traces.id = v.column1
                """)
        }
    }

    /// Represents NULL in a bound array, which can't contain it.
    private static let nullMarker = Int64.min

    /// Sets tags (`trace_tags`) or metadata (`trace_metadata`).
    ///
    /// - Parameter isDefault: whether existing values stay.
    static func set(_ pairs: [Key: String], in table: SQL, isDefault: Bool = false, _ connection: any Connection) throws {
        let pairs = pairs.sorted { ($0.key.trace, $0.key.name) < ($1.key.trace, $1.key.name) }
        let columns: [SQLColumn] = [
            .integers(pairs.map(\.key.trace)), .texts(pairs.map(\.key.name.text)), .texts(pairs.map(\.value)),
        ]
        let conflict: SQL = isDefault ? "NOTHING" : "UPDATE SET value = excluded.value"
        for rows in connection.dialect.rows(columns) {
            try connection.submit("INSERT INTO \(table) (trace_id, key, value) \(rows) ON CONFLICT (trace_id, key) DO \(conflict)")
        }
    }

    /// Sets the name of a trace for metric queries; `nil` removes it.
    static func setName(_ name: String?, of trace: Int64, _ connection: any Connection) throws {
        try connection.submit("UPDATE traces SET name = NULLIF(\(TraceRow.metricText(name ?? "")), '') WHERE id = \(trace)")
    }

    /// Inserts or overwrites spans.
    ///
    /// - Parameter indexKeys: the index keys of their traces, by row ID.
    static func upsert(_ spans: [Key: SpanRow], at indexKeys: [Int64: TraceIndexKey], _ connection: any Connection) throws {
        let spans = spans.sorted { ($0.key.trace, $0.key.name) < ($1.key.trace, $1.key.name) }
        let columns: [SQLColumn] = [
            .integers(spans.map(\.key.trace)), .texts(spans.map(\.value.id)), .texts(spans.map(\.value.parent)),
            .texts(spans.map(\.value.name)), .texts(spans.map(\.value.type)), .texts(spans.map(\.value.status.rawValue)),
            .integers(spans.map(\.value.start.rawValue)), .integers(spans.map(\.value.end.rawValue)),
            .texts(spans.map { $0.value.tokens?.text ?? "" }), .texts(spans.map { $0.value.cost?.text ?? "" }),
            .texts(spans.map(\.value.content)),
        ]
        for rows in connection.dialect.rows(columns) {
            try connection.submit(
                """
                INSERT INTO spans
                    (trace_id, span_id, parent_id, name, type, status, start_time, end_time, tokens, cost, content)
                \(rows)
                ON CONFLICT (trace_id, span_id) DO UPDATE SET parent_id = excluded.parent_id, name = excluded.name,
                    type = excluded.type, status = excluded.status, start_time = excluded.start_time, end_time = excluded.end_time,
                    tokens = excluded.tokens, cost = excluded.cost, content = excluded.content
                """)
        }
        let metricRows = spans.compactMap { key, span in
            indexKeys[key.trace].map { indexKey in
                SpanMetricRows.Row(
                    trace: key.trace, indexKey: indexKey, id: span.id, name: span.name, type: span.type,
                    status: span.status.rawValue, start: span.start, end: span.end, cost: span.cost, model: span.model)
            }
        }
        try SpanMetricRows.upsert(metricRows, connection)
    }

    /// Links traces to runs, which need not exist.
    static func link(_ links: [(trace: String, run: String)], _ connection: any Connection) throws {
        let columns: [SQLColumn] = [.texts(links.map(\.run)), .texts(links.map(\.trace))]
        for rows in connection.dialect.rows(columns) {
            try connection.submit("INSERT INTO trace_runs (run_id, trace_id) \(rows) ON CONFLICT DO NOTHING")
        }
    }

    /// Links a trace to prompt versions.
    ///
    /// - Parameter prompts: each in the form `NAME/VERSION`.
    static func link(_ trace: Int64, prompts: [String], _ connection: any Connection) throws {
        let columns: [SQLColumn] = [.integers(prompts.map { _ in trace }), .texts(prompts)]
        for rows in connection.dialect.rows(columns) {
            try connection.submit("INSERT INTO trace_prompts (trace_id, prompt) \(rows) ON CONFLICT DO NOTHING")
        }
    }

    /// Deletes traces and all dependent rows.
    static func remove(_ traces: [(id: Int64, traceID: String)], _ connection: any Connection) throws {
        for slice in traces.powerOfTwoChunks(limit: 128) {
            let list = SQL.list(slice.map(\.id))
            try SpanMetricRows.remove(ofTraces: list, connection)
            for table in ["trace_tags", "trace_metadata", "spans", "assessments", "trace_prompts"] as [SQL] {
                try connection.submit("DELETE FROM \(table) WHERE trace_id IN (\(list))")
            }
            try connection.submit("DELETE FROM trace_runs WHERE trace_id IN (\(.list(slice.map(\.traceID))))")
            try connection.submit("DELETE FROM traces WHERE id IN (\(list))")
        }
    }
}
