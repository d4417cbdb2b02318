internal import Database
internal import WireProtocol

/// Fills in the metric columns of traces that were written before these columns existed. Proceeds from the newest trace in small
/// transactions, and resumes at the next start if interrupted.
struct TraceMetricsBackfill: Sendable {
    let database: any Database

    /// Traces per transaction.
    private static let batchSize = 64

    func run() async throws {
        while try await database.write(Self.backfillNext) {}
    }

    /// - Returns: whether more traces may be left.
    private static func backfillNext(_ connection: any Connection) throws -> Bool {
        let lock = connection.dialect.forUpdate
        let position = try connection.first("SELECT position FROM trace_metrics_fill\(lock)") { $0.int(0) }
        guard let position, position > 0 else { return false }
        let ids = try connection.rows(
            "SELECT id FROM traces WHERE id <= \(position) ORDER BY id DESC LIMIT \(batchSize)\(lock)"
        ) { $0.int(0) }
        if !ids.isEmpty {
            try backfillNames(ids, connection)
            try backfillTokens(ids, connection)
            try backfillSpansAndAssessments(ids, connection)
        }
        let isLast = ids.count < batchSize
        try connection.execute("UPDATE trace_metrics_fill SET position = \(isLast ? 0 : (ids.last ?? 1) - 1)")
        return !isLast
    }

    private static func backfillNames(_ ids: [Int64], _ connection: any Connection) throws {
        func first(_ table: SQL, _ key: String) -> SQL {
            """
            (SELECT NULLIF(SUBSTR(v.value, 1, CAST(\(TraceRow.metricTextLength) AS INTEGER)), '')
            FROM \(table) v WHERE v.trace_id = traces.id AND v.key = \(key))
            """
        }
        try connection.execute(
            """
            UPDATE traces SET name = \(first("trace_tags", TraceKey.name)), session = \(first("trace_metadata", TraceKey.session))
            WHERE id IN (\(.list(ids)))
            """)
    }

    private static func backfillTokens(_ ids: [Int64], _ connection: any Connection) throws {
        let found = try connection.rows(
            "SELECT trace_id, value FROM trace_metadata WHERE key = \(TraceKey.tokens) AND trace_id IN (\(.list(ids)))"
        ) { (id: $0.int(0), tokens: TokenCounts(metadata: $0.text(1))) }
        for (id, tokens) in found {
            // Counts that were written in the meantime stay.
            try connection.execute(
                """
                UPDATE traces SET input_tokens = \(tokens.input), output_tokens = \(tokens.output), total_tokens = \(tokens.total),
                    cache_read_input_tokens = \(tokens.cacheRead), cache_creation_input_tokens = \(tokens.cacheCreation)
                WHERE id = \(id) AND input_tokens IS NULL AND output_tokens IS NULL AND total_tokens IS NULL
                """)
        }
    }

    private static func backfillSpansAndAssessments(_ ids: [Int64], _ connection: any Connection) throws {
        let indexKeys = try connection.rows("SELECT id, experiment_id, timestamp FROM traces WHERE id IN (\(.list(ids)))") { row in
            (id: row.int(0), indexKey: TraceIndexKey(experiment: row.int(1), timestamp: row.quantity(2)))
        }
        for (id, indexKey) in indexKeys {
            try AssessmentRows.move(id, to: indexKey, connection)
            // Few spans name a model, and only those need their content read.
            var rows: [SpanMetricRows.Row] = []
            try connection.query(
                """
                SELECT span_id, name, type, status, start_time, end_time, cost,
                    CASE WHEN \(connection.dialect.like("content", "%\"mlflow.llm.%")) THEN content ELSE '' END
                FROM spans WHERE trace_id = \(id)
                """
            ) { row in
                let content = try? JSONValue(parsing: row.withUTF8(7) { Array($0) }, limits: .trusted)
                rows.append(
                    SpanMetricRows.Row(
                        trace: id, indexKey: indexKey, id: row.text(0), name: row.text(1), type: row.text(2), status: row.text(3),
                        start: row.quantity(4), end: row.quantity(5), cost: Usage(.cost, text: row.text(6)),
                        model: SpanModel(StoredSpan.attributes(content?["attributes"]))))
            }
            try SpanMetricRows.upsert(rows, isDefault: true, connection)
        }
    }
}
