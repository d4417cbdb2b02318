internal import Database
internal import WireProtocol

/// The SQL of assessments. Values are stored in Python's JSON style, which MLflow's filters compare against.
enum AssessmentRows {
    static let columns: SQL =
        """
        a.trace_id, a.assessment_id, a.name, a.kind, a.value, a.error, a.creation_time, a.last_update_time, a.source_type, \
        a.source_id, a.run_id, a.span_id, a.rationale, a.overrides, a.valid, a.metadata
        """

    /// Reads a row of `columns`.
    static func assessment(_ row: borrowing Row, traceID: String) -> Assessment {
        var assessment = Assessment(
            name: row.text(2), kind: Assessment.Kind(rawValue: row.text(3)) ?? .feedback, value: json(row.text(4)) ?? .null)
        assessment.id = row.text(1)
        assessment.traceID = traceID
        assessment.error = row.optionalText(5).flatMap(json)
        assessment.creationTime = row.quantity(6)
        assessment.lastUpdateTime = row.quantity(7)
        assessment.sourceType = row.text(8)
        assessment.sourceID = row.text(9)
        assessment.runID = row.optionalText(10)
        assessment.spanID = row.optionalText(11)
        assessment.rationale = row.optionalText(12)
        assessment.overrides = row.optionalText(13)
        assessment.isValid = row.bool(14)
        let metadata = row.optionalText(15).flatMap(json)?.objectValue
        assessment.metadata = metadata?.members.map { KeyValue(key: $0.name, value: $0.value.stringValue ?? "") } ?? []
        return assessment
    }

    private static func json(_ text: String) -> JSONValue? { try? JSONValue(parsing: text) }

    static func find(_ id: String, of trace: Int64, traceID: String, _ connection: any Connection) throws -> Assessment? {
        try connection.first(
            "SELECT \(columns) FROM assessments a WHERE a.trace_id = \(trace) AND a.assessment_id = \(id)"
        ) { row in assessment(row, traceID: traceID) }
    }

    /// Inserts or overwrites an assessment. It copies the experiment and the time of its trace, which metric queries use.
    static func upsert(_ assessment: Assessment, of trace: Int64, _ connection: any Connection) throws {
        let metadata =
            assessment.metadata.isEmpty
            ? nil
            : JSONValue.object(JSONObject(assessment.metadata.map { .init(name: $0.key, value: .string($0.value)) })).pythonJSONString
        try connection.submit(
            """
            INSERT INTO assessments
                (trace_id, assessment_id, name, kind, value, number, error, creation_time, last_update_time, source_type, source_id,
                run_id, span_id, rationale, overrides, valid, metadata, session, experiment_id, trace_time)
            SELECT t.id, \(assessment.id), \(assessment.name), \(assessment.kind.rawValue),
                \(assessment.value.pythonJSONString), \(assessment.number), \(assessment.error?.jsonString),
                \(assessment.creationTime), \(assessment.lastUpdateTime), \(assessment.sourceType), \(assessment.sourceID),
                \(assessment.runID), \(assessment.spanID), \(assessment.rationale), \(assessment.overrides),
                \(assessment.isValid), \(metadata), \(assessment.session), t.experiment_id, t.timestamp
            FROM traces t WHERE t.id = \(trace)
            ON CONFLICT (trace_id, assessment_id) DO UPDATE SET name = excluded.name, kind = excluded.kind, value = excluded.value,
                number = excluded.number, error = excluded.error, last_update_time = excluded.last_update_time,
                source_type = excluded.source_type, source_id = excluded.source_id, run_id = excluded.run_id,
                span_id = excluded.span_id, rationale = excluded.rationale, overrides = excluded.overrides, valid = excluded.valid,
                metadata = excluded.metadata, session = excluded.session
            """)
    }

    /// Updates the copied experiment and time after those of the trace have changed.
    static func move(_ trace: Int64, to key: TraceIndexKey, _ connection: any Connection) throws {
        try connection.submit(
            """
            UPDATE assessments SET experiment_id = \(key.experiment), trace_time = \(key.timestamp) WHERE trace_id = \(trace)
            """)
    }

    /// Sets whether an assessment is valid.
    ///
    /// - Returns: whether the assessment exists.
    static func setValid(_ isValid: Bool, _ id: String, of trace: Int64, _ connection: any Connection) throws -> Bool {
        try connection.execute("UPDATE assessments SET valid = \(isValid) WHERE trace_id = \(trace) AND assessment_id = \(id)") > 0
    }
}
