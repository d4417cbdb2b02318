internal import Database
internal import WireProtocol

/// A logged model with its row ID, without tags, params and metrics.
struct LoggedModelRow: Sendable {
    static let columns: SQL =
        """
        m.id, m.model_id, m.experiment_id, m.name, m.artifact_uri, m.creation_time, m.last_update_time, m.status, m.model_type, \
        m.source_run_id, m.status_message
        """

    var id: Int64
    var model: LoggedModel

    /// Reads a row of `columns`.
    init(_ row: borrowing Row) {
        id = row.int(0)
        model = LoggedModel(
            modelID: row.text(1), experimentID: row.int(2), name: row.text(3), artifactURI: row.text(4), creationTime: row.quantity(5),
            lastUpdateTime: row.quantity(6), status: LoggedModelStatus(number: row.int(7)) ?? .unspecified, modelType: row.text(8),
            sourceRunID: row.text(9), statusMessage: row.optionalText(10))
    }
}

/// SQL for logged models that several operations share, within a transaction.
enum LoggedModelRows {
    /// - Parameter allowDeleted: whether to include deleted models.
    static func find(_ modelID: String, allowDeleted: Bool, _ connection: any Connection) throws -> LoggedModelRow? {
        let stage: SQL = allowDeleted ? "" : " AND m.lifecycle_stage = 'active'"
        return try connection.first(
            "SELECT \(LoggedModelRow.columns) FROM logged_models m WHERE m.model_id = \(modelID)\(stage)", LoggedModelRow.init)
    }

    /// Returns the row ID of a model, deleted or not.
    ///
    /// - Throws: `ServiceError` if the model doesn't exist.
    static func id(of modelID: String, _ connection: any Connection) throws -> Int64 {
        let id = try connection.first("SELECT id FROM logged_models WHERE model_id = \(modelID)") { $0.int(0) }
        guard let id else { throw ServiceError.loggedModelNotFound(modelID) }
        return id
    }

    /// Inserts a model without tags and params, and returns its row ID.
    static func insert(_ model: LoggedModel, _ connection: any Connection) throws -> Int64 {
        let id = try connection.first(
            """
            INSERT INTO logged_models
                (model_id, experiment_id, name, artifact_uri, creation_time, last_update_time, status, lifecycle_stage, model_type,
                source_run_id, status_message)
            VALUES (\(model.modelID), \(model.experimentID), \(model.name), \(model.artifactURI), \(model.creationTime),
                \(model.lastUpdateTime), \(model.status.number), 'active', \(model.modelType), \(model.sourceRunID),
                \(model.statusMessage))
            RETURNING id
            """
        ) { $0.int(0) }
        guard let id else { throw DatabaseError(.failure, "an INSERT returned no row") }
        return id
    }

    /// Inserts params.
    ///
    /// - Throws: `ServiceError` if the model already has one of them.
    static func insert(params: [KeyValue], of model: Int64, _ connection: any Connection) throws {
        for slice in params.powerOfTwoChunks() {
            let added = try connection.execute(
                """
                INSERT INTO logged_model_params (model_id, key, value)
                VALUES \(.rows(slice.map { [model.sqlValue, $0.key.sqlValue, $0.value.sqlValue] })) ON CONFLICT DO NOTHING
                """)
            guard added == slice.count else { throw ServiceError.duplicateLoggedModelParam }
        }
    }

    /// Sets tags. The keys must be unique.
    static func upsert(tags: [KeyValue], of model: Int64, _ connection: any Connection) throws {
        for slice in tags.powerOfTwoChunks() {
            try connection.execute(
                """
                INSERT INTO logged_model_tags (model_id, key, value)
                VALUES \(.rows(slice.map { [model.sqlValue, $0.key.sqlValue, $0.value.sqlValue] }))
                ON CONFLICT (model_id, key) DO UPDATE SET value = excluded.value
                """)
        }
    }
}
