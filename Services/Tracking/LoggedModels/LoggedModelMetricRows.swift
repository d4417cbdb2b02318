internal import Database
internal import WireProtocol

/// A metric point of a logged model.
struct LoggedModelMetricRow: Sendable {
    /// The model's number.
    var model: Int64
    var run: Int64
    /// The metric's name and not its number: a model may get metrics from runs of several experiments, which number their names
    /// each for itself.
    var key: String
    var point: MetricPoint
    var datasetName: String?
    var datasetDigest: String?
}

enum LoggedModelMetricRows {
    /// Adds points; one that is there already is left out.
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

    /// Asks for the numbers of those models, as far as they exist.
    static func ids(of modelIDs: Set<String>, _ connection: any Connection) throws -> PipelinedRows<String, Int64> {
        let queries: [SQL] = modelIDs.sorted().powerOfTwoChunks().map { slice in
            "SELECT model_id, id FROM logged_models WHERE model_id IN (\(.list(slice)))"
        }
        return try PipelinedRows(queries, on: connection) { row in (row.text(0), row.int(1)) }
    }
}
