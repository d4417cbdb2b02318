internal import Database
internal import WireProtocol

/// A model version with the columns that its JSON doesn't include.
struct ModelVersionRow: Sendable {
    static let columns: SQL =
        """
        v.model_id, m.name, v.version, v.creation_time, v.last_update_time, v.user_id, v.stage, v.description, v.source, \
        v.run_id, v.status, v.status_message, v.run_link, v.storage_location
        """

    var modelID: Int64
    var version: ModelVersion
    /// The location of the model's files, if it differs from the source.
    var storageLocation: String?

    /// Reads a row of `columns`.
    init(_ row: borrowing Row) {
        modelID = row.int(0)
        version = ModelVersion(
            name: row.text(1), version: row.int(2), creationTime: row.quantity(3), lastUpdateTime: row.quantity(4),
            userID: row.optionalText(5), stage: row.text(6), description: row.optionalText(7), source: row.optionalText(8),
            runID: row.optionalText(9), status: row.text(10), statusMessage: row.optionalText(11), runLink: row.optionalText(12))
        storageLocation = row.optionalText(13)
    }

    /// The URI that clients download the model from.
    var downloadURI: String { storageLocation.flatMap { $0.isEmpty ? nil : $0 } ?? version.source ?? "" }
}

/// Queries and statements on model versions, within a transaction.
enum ModelVersionRows {
    /// The stage of deleted versions, which keep their number. This is MLflow's name for it; responses never contain it.
    static let deletedStage = "Deleted_Internal"

    /// The maximum number of versions per statement that reads their tags.
    private static let groupSize = 128

    static func rows(where condition: SQL, _ connection: any Connection) throws -> [ModelVersionRow] {
        try connection.rows(
            """
            SELECT \(ModelVersionRow.columns) FROM model_versions v JOIN registered_models m ON m.id = v.model_id WHERE \(condition)
            """, ModelVersionRow.init)
    }

    /// Returns a version without its tags and aliases.
    static func row(_ name: String, _ version: Int64, _ connection: any Connection) throws -> ModelVersionRow {
        let rows = try rows(where: "m.name = \(name) AND v.version = \(version) AND v.stage <> \(deletedStage)", connection)
        guard let row = rows.first else { throw ServiceError.modelVersionNotFound(name, version) }
        return row
    }

    /// Returns a version with its tags and aliases.
    static func find(_ name: String, _ version: Int64, _ connection: any Connection) throws -> ModelVersion {
        let row = try row(name, version, connection)
        return try complete([row], connection).first ?? row.version
    }

    /// Locks the model of a version that is about to change and returns the model's row ID. See `RegisteredModelRows.lock`.
    static func lock(_ name: String, _ version: Int64, _ connection: any Connection) throws -> Int64 {
        guard let model = try RegisteredModelRows.lock(name, connection),
            try connection.exists(
                """
                SELECT 1 FROM model_versions WHERE model_id = \(model) AND version = \(version) AND stage <> \(deletedStage)
                """)
        else { throw ServiceError.modelVersionNotFound(name, version) }
        return model
    }

    static func setTags(_ tags: [KeyValue], model: Int64, version: Int64, _ connection: any Connection) throws {
        for slice in tags.lastOfEachKey().powerOfTwoChunks() {
            try connection.execute(
                """
                INSERT INTO model_version_tags (model_id, version, key, value)
                VALUES \(.rows(slice.map { [model.sqlValue, version.sqlValue, $0.key.sqlValue, $0.value.sqlValue] }))
                ON CONFLICT (model_id, version, key) DO UPDATE SET value = excluded.value
                """)
        }
    }

    /// Returns the newest version in each stage of each model, with tags, ordered by model and version. Needs one index lookup
    /// per model and stage, regardless of the number of versions.
    static func latestOfEachStage(models ids: [Int64], _ connection: any Connection) throws -> [ModelVersionRow] {
        let stages = SQL.rows(ModelVersionStage.allCases.map { [$0.rawValue.sqlValue] })
        var rows = try connection.rows(
            """
            SELECT \(ModelVersionRow.columns) FROM registered_models m CROSS JOIN (VALUES \(stages)) AS stages
            JOIN model_versions v ON v.model_id = m.id AND v.version = (
                SELECT MAX(newest.version) FROM model_versions newest
                WHERE newest.model_id = m.id AND newest.stage = stages.column1)
            WHERE m.id IN (\(.list(ids))) ORDER BY m.id, v.version
            """, ModelVersionRow.init)
        try addTags(to: &rows, connection)
        return rows
    }

    /// Returns the versions with tags and aliases, in the same order.
    static func complete(_ rows: [ModelVersionRow], _ connection: any Connection) throws -> [ModelVersion] {
        var rows = rows
        try addTags(to: &rows, connection)
        try addAliases(to: &rows, connection)
        return rows.map(\.version)
    }

    static func addTags(to rows: inout [ModelVersionRow], _ connection: any Connection) throws {
        let positions = positions(of: rows)
        for slice in Array(positions.keys).powerOfTwoChunks(limit: groupSize) {
            try connection.query(
                """
                SELECT model_id, version, key, value FROM model_version_tags
                WHERE (model_id, version) IN (VALUES \(.rows(slice.map { [$0.model.sqlValue, $0.version.sqlValue] })))
                ORDER BY model_id, version, key
                """
            ) { row in
                guard let position = positions[VersionKey(model: row.int(0), version: row.int(1))] else { return }
                rows[position].version.tags.append(KeyValue(key: row.text(2), value: row.text(3)))
            }
        }
    }

    static func addAliases(to rows: inout [ModelVersionRow], _ connection: any Connection) throws {
        let positions = positions(of: rows)
        for slice in Array(Set(rows.map(\.modelID))).powerOfTwoChunks(limit: groupSize) {
            try connection.query(
                """
                SELECT model_id, version, alias FROM registered_model_aliases WHERE model_id IN (\(.list(slice)))
                ORDER BY model_id, alias
                """
            ) { row in
                guard let position = positions[VersionKey(model: row.int(0), version: row.int(1))] else { return }
                rows[position].version.aliases.append(row.text(2))
            }
        }
    }

    private static func positions(of rows: [ModelVersionRow]) -> [VersionKey: Int] {
        Dictionary(rows.enumerated().map { (VersionKey(model: $1.modelID, version: $1.version.version), $0) }) { first, _ in first }
    }

    private struct VersionKey: Hashable {
        var model: Int64
        var version: Int64
    }
}
