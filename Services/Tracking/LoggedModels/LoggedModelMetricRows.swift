internal import Database
internal import WireProtocol

/// A metric point of a logged model.
struct LoggedModelMetricRow: Sendable {
    /// The model's row ID.
    var model: Int64
    /// The run's row ID.
    var run: Int64
    /// The metric's name rather than a key ID, because key IDs belong to an experiment and a model may get metrics from runs of
    /// several experiments.
    var key: String
    var point: MetricPoint
    var datasetName: String?
    var datasetDigest: String?
}

/// SQL for metric points of logged models.
enum LoggedModelMetricRows {
    /// Inserts points, skipping existing ones.
    static func insert(_ rows: [LoggedModelMetricRow], _ connection: any Connection) throws {
        for slice in rows.powerOfTwoChunks() {
            let values = slice.map { row in
                [
                    row.model.sqlValue, row.key.sqlValue, row.point.timestamp.sqlValue, row.point.step.sqlValue, row.run.sqlValue,
                    row.point.value.sqlValue, row.point.isNaN.sqlValue, (row.datasetName ?? "").sqlValue,
                    (row.datasetDigest ?? "").sqlValue,
                ]
            }
            try connection.submit(
                """
                INSERT INTO logged_model_metrics
                    (model_id, key, timestamp, step, run_id, value, is_nan, dataset_name, dataset_digest)
                VALUES \(.rows(values)) ON CONFLICT DO NOTHING
                """)
        }
    }

    /// Requests the row IDs of those models that exist.
    static func ids(of modelIDs: Set<String>, _ connection: any Connection) throws -> PipelinedRows<String, Int64> {
        let queries: [SQL] = modelIDs.sorted().powerOfTwoChunks().map { slice in
            "SELECT model_id, id FROM logged_models WHERE model_id IN (\(.list(slice)))"
        }
        return try PipelinedRows(queries, on: connection) { row in (row.text(0), row.int(1)) }
    }
}
