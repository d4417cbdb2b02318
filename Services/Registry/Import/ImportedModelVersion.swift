internal import Database
internal import MLflowImport
internal import Primitives
internal import ServiceKit
internal import WireProtocol

/// A row of MLflow's `model_versions`. Deleted versions are imported too, so that their numbers aren't reused.
struct ImportedModelVersion: ImportedRecord {
    static let table: StaticString = "model_versions"
    static let key: [StaticString] = ["name", "version"]
    static let columns: [StaticString] = [
        "creation_time", "last_updated_time", "description", "user_id", "current_stage", "source", "run_id", "run_link", "status",
        "status_message", "storage_location",
    ]

    var name: String
    var version: Int64
    var creationTime: UnixMilliseconds
    var source: String?
    var storageLocation: String?
    /// Values of our columns between the key and the source.
    private var before: [SQLValue]
    /// Values of our columns between the source and the storage location.
    private var after: [SQLValue]

    init(_ row: borrowing Row) {
        name = row.text(0)
        version = row.int(1)
        creationTime = row.quantity(2)
        before = [
            creationTime.sqlValue, (row.optionalQuantity(3) ?? creationTime).sqlValue, row.optionalText(4).sqlValue,
            row.optionalText(5).sqlValue, (row.optionalText(6) ?? ModelVersionStage.none.rawValue).sqlValue,
        ]
        source = row.optionalText(7)
        after = [
            row.optionalText(8).sqlValue, row.optionalText(9).sqlValue, (row.optionalText(10) ?? "READY").sqlValue,
            row.optionalText(11).sqlValue,
        ]
        storageLocation = row.optionalText(12)
    }

    func relocated(by relocation: ArtifactRelocation) -> Self {
        var record = self
        record.source = source.map { relocation($0) }
        record.storageLocation = storageLocation.map { relocation($0) }
        return record
    }

    private var values: [SQLValue] { before + [source.sqlValue] + after + [storageLocation.sqlValue] }

    var keyValues: [SQLValue] { [name.sqlValue, version.sqlValue] }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        let names = try RegisteredModelIDs(of: records.map(\.name), connection)
        for record in records {
            guard let model = names[record.name] else { continue }
            try record.checkForConflict(model, connection)
            try connection.execute(
                """
                INSERT INTO model_versions (model_id, version, creation_time, last_update_time, description, user_id, stage,
                    source, run_id, run_link, status, status_message, storage_location)
                VALUES \(.rows([[model.sqlValue, record.version.sqlValue] + record.values]))
                ON CONFLICT (model_id, version) DO UPDATE SET creation_time = excluded.creation_time,
                    last_update_time = excluded.last_update_time, description = excluded.description,
                    user_id = excluded.user_id, stage = excluded.stage, source = excluded.source, run_id = excluded.run_id,
                    run_link = excluded.run_link, status = excluded.status, status_message = excluded.status_message,
                    storage_location = excluded.storage_location
                """)
        }
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        let names = try RegisteredModelIDs(of: records.map(\.name), connection)
        let keys = records.compactMap { record in names[record.name].map { [$0.sqlValue, record.version.sqlValue] } }
        return try connection.count(keys) { "SELECT COUNT(*) FROM model_versions WHERE (model_id, version) IN (VALUES \($0))" }
    }

    /// Throws when a different version already has this number, which happens when both servers created versions after an
    /// earlier import.
    private func checkForConflict(_ model: Int64, _ connection: any Connection) throws {
        let isTaken = try connection.exists(
            """
            SELECT 1 FROM model_versions WHERE model_id = \(model) AND version = \(version) AND creation_time <> \(creationTime)
            """)
        guard isTaken else { return }
        throw ConfigurationError(
            "version \(version) of the registered model '\(name)' can't be imported: a different version with this number already exists.")
    }
}

/// A row of MLflow's `model_version_tags`.
struct ImportedModelVersionTag: ImportedRecord {
    static let table: StaticString = "model_version_tags"
    static let key: [StaticString] = ["key", "name", "version"]
    static let columns: [StaticString] = ["value"]

    var key: String
    var name: String
    var version: Int64
    var value: String

    init(_ row: borrowing Row) {
        key = row.text(0)
        name = row.text(1)
        version = row.int(2)
        value = row.text(3)
    }

    var keyValues: [SQLValue] { [key.sqlValue, name.sqlValue, version.sqlValue] }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        let names = try RegisteredModelIDs(of: records.map(\.name), connection)
        for record in records {
            guard let model = names[record.name] else { continue }
            // MLflow's SQLite databases can contain tags of nonexistent versions.
            try connection.execute(
                """
                INSERT INTO model_version_tags (model_id, version, key, value)
                SELECT model_id, version, \(record.key), \(record.value) FROM model_versions
                WHERE model_id = \(model) AND version = \(record.version)
                ON CONFLICT (model_id, version, key) DO UPDATE SET value = excluded.value
                """)
        }
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        let names = try RegisteredModelIDs(of: records.map(\.name), connection)
        let keys = records.compactMap { record in
            names[record.name].map { [$0.sqlValue, record.version.sqlValue, record.key.sqlValue] }
        }
        return try connection.count(keys) {
            "SELECT COUNT(*) FROM model_version_tags WHERE (model_id, version, key) IN (VALUES \($0))"
        }
    }
}
