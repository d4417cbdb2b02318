internal import Database
internal import Primitives
internal import WireProtocol

/// Reads the tags, params and metrics of many logged models at once.
enum LoggedModelReader {
    /// Models per statement.
    private static let groupSize = 128

    /// Returns the models with tags, params and metrics, in the same order.
    static func read(_ rows: [LoggedModelRow], _ connection: any Connection) throws -> [LoggedModel] {
        var models = rows.map(\.model)
        for start in stride(from: 0, to: rows.count, by: groupSize) {
            var positions: [Int64: Int] = [:]
            for position in start..<min(start + groupSize, rows.count) { positions[rows[position].id] = position }
            let ids = SQL.list(positions.keys.sorted())
            try connection.query(
                "SELECT model_id, key, value FROM logged_model_tags WHERE model_id IN (\(ids)) ORDER BY model_id, key"
            ) { row in
                if let position = positions[row.int(0)] { models[position].tags.append(pair(row)) }
            }
            try connection.query(
                "SELECT model_id, key, value FROM logged_model_params WHERE model_id IN (\(ids)) ORDER BY model_id, key"
            ) { row in
                if let position = positions[row.int(0)] { models[position].params.append(pair(row)) }
            }
            try connection.query(
                """
                SELECT x.model_id, x.key, x.value, x.is_nan, x.timestamp, x.step, x.dataset_name, x.dataset_digest, r.run_uuid
                FROM logged_model_metrics x JOIN runs r ON r.id = x.run_id WHERE x.model_id IN (\(ids))
                ORDER BY x.model_id, x.key, x.timestamp, x.step, x.run_id, x.value
                """
            ) { row in
                guard let position = positions[row.int(0)] else { return }
                models[position].metrics.append(metric(row, modelID: models[position].modelID))
            }
        }
        return models
    }

    private static func pair(_ row: borrowing Row) -> KeyValue { KeyValue(key: row.text(1), value: row.text(2)) }

    private static func metric(_ row: borrowing Row, modelID: String) -> Metric {
        let (datasetName, datasetDigest) = (row.text(6), row.text(7))
        return Metric(
            key: row.text(1), value: row.bool(3) ? .nan : row.double(2), timestamp: UnixMilliseconds(row.int(4)), step: row.int(5),
            modelID: modelID, datasetName: datasetName.isEmpty ? nil : datasetName,
            datasetDigest: datasetDigest.isEmpty ? nil : datasetDigest, runID: row.text(8))
    }
}
