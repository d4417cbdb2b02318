internal import Database
internal import MLflowImport
internal import Primitives
internal import ServiceKit

/// A row of MLflow's `registered_models`.
struct ImportedRegisteredModel: ImportedRecord {
    static let table: StaticString = "registered_models"
    static let key: [StaticString] = ["name"]
    static let columns: [StaticString] = ["creation_time", "last_updated_time", "description"]

    var name: String
    var creationTime: UnixMilliseconds
    var lastUpdateTime: UnixMilliseconds
    var description: String

    init(_ row: borrowing Row) {
        name = row.text(0)
        creationTime = row.quantity(1)
        lastUpdateTime = row.optionalQuantity(2) ?? creationTime
        description = row.text(3)
    }

    var keyValues: [SQLValue] { [name.sqlValue] }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        for record in records { try record.checkForConflict(connection) }
        for slice in records.powerOfTwoChunks() {
            let rows = slice.map { record in
                [
                    record.name.sqlValue, record.creationTime.sqlValue, record.lastUpdateTime.sqlValue,
                    record.description.sqlValue,
                ]
            }
            try connection.execute(
                """
                INSERT INTO registered_models (name, creation_time, last_update_time, description) VALUES \(.rows(rows))
                ON CONFLICT (name) DO UPDATE SET creation_time = excluded.creation_time,
                    last_update_time = excluded.last_update_time, description = excluded.description
                """)
        }
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        try RegisteredModelIDs(of: records.map(\.name), connection).count
    }

    /// Throws when a different model already has this name.
    private func checkForConflict(_ connection: any Connection) throws {
        let isTaken = try connection.exists(
            "SELECT 1 FROM registered_models WHERE name = \(name) AND creation_time <> \(creationTime)")
        guard isTaken else { return }
        throw ConfigurationError(
            "the registered model '\(name)' can't be imported: a different model with this name already exists. Import into an "
                + "empty database, or rename one of them.")
    }
}

/// A row of MLflow's `registered_model_tags`.
struct ImportedRegisteredModelTag: ImportedRecord {
    static let table: StaticString = "registered_model_tags"
    static let key: [StaticString] = ["key", "name"]
    static let columns: [StaticString] = ["value"]

    var key: String
    var name: String
    var value: String

    init(_ row: borrowing Row) {
        key = row.text(0)
        name = row.text(1)
        value = row.text(2)
    }

    var keyValues: [SQLValue] { [key.sqlValue, name.sqlValue] }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        let names = try RegisteredModelIDs(of: records.map(\.name), connection)
        let rows = records.compactMap { record in
            names[record.name].map { [$0.sqlValue, record.key.sqlValue, record.value.sqlValue] }
        }
        for slice in rows.powerOfTwoChunks() {
            try connection.execute(
                """
                INSERT INTO registered_model_tags (model_id, key, value) VALUES \(.rows(slice))
                ON CONFLICT (model_id, key) DO UPDATE SET value = excluded.value
                """)
        }
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        let names = try RegisteredModelIDs(of: records.map(\.name), connection)
        let keys = records.compactMap { record in names[record.name].map { [$0.sqlValue, record.key.sqlValue] } }
        return try connection.count(keys) { "SELECT COUNT(*) FROM registered_model_tags WHERE (model_id, key) IN (VALUES \($0))" }
    }
}

/// A row of MLflow's `registered_model_aliases`, a table that MLflow 2.3 introduced.
struct ImportedRegisteredModelAlias: ImportedRecord {
    static let table: StaticString = "registered_model_aliases"
    static let key: [StaticString] = ["name", "alias"]
    static let columns: [StaticString] = ["version"]

    var name: String
    var alias: String
    var version: Int64

    init(_ row: borrowing Row) {
        name = row.text(0)
        alias = row.text(1)
        version = row.int(2)
    }

    var keyValues: [SQLValue] { [name.sqlValue, alias.sqlValue] }

    static func upsert(_ records: [Self], _ connection: any Connection) throws {
        let names = try RegisteredModelIDs(of: records.map(\.name), connection)
        let rows = records.compactMap { record in
            names[record.name].map { [$0.sqlValue, record.alias.sqlValue, record.version.sqlValue] }
        }
        for slice in rows.powerOfTwoChunks() {
            try connection.execute(
                """
                INSERT INTO registered_model_aliases (model_id, alias, version) VALUES \(.rows(slice))
                ON CONFLICT (model_id, alias) DO UPDATE SET version = excluded.version
                """)
        }
    }

    static func count(_ records: [Self], _ connection: any Connection) throws -> Int {
        let names = try RegisteredModelIDs(of: records.map(\.name), connection)
        let keys = records.compactMap { record in names[record.name].map { [$0.sqlValue, record.alias.sqlValue] } }
        return try connection.count(keys) {
            "SELECT COUNT(*) FROM registered_model_aliases WHERE (model_id, alias) IN (VALUES \($0))"
        }
    }
}
