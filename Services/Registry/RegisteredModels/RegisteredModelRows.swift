internal import Database
internal import Primitives
internal import WireProtocol

/// A registered model with its row ID.
struct RegisteredModelRow: Sendable {
    static let columns: SQL = "m.id, m.name, m.creation_time, m.last_update_time, m.description"

    var id: Int64
    var model: RegisteredModel

    /// Reads a row of `columns`.
    init(_ row: borrowing Row) {
        id = row.int(0)
        model = RegisteredModel(
            name: row.text(1), creationTime: row.quantity(2), lastUpdateTime: row.quantity(3), description: row.text(4))
    }
}

/// Queries and statements on registered models, within a transaction.
enum RegisteredModelRows {
    /// The maximum number of models per statement that reads their tags, aliases or versions.
    private static let groupSize = 256

    /// Returns a model with its tags, aliases and latest versions.
    static func find(_ name: String, _ connection: any Connection) throws -> RegisteredModel {
        guard let model = try complete(rows(where: "m.name = \(name)", connection), connection).first else {
            throw ServiceError.registeredModelNotFound(name)
        }
        return model
    }

    static func rows(where condition: SQL, _ connection: any Connection) throws -> [RegisteredModelRow] {
        try connection.rows(
            "SELECT \(RegisteredModelRow.columns) FROM registered_models m WHERE \(condition)", RegisteredModelRow.init)
    }

    /// Returns the row ID of a model; `nil` if no model has that name.
    static func id(of name: String, _ connection: any Connection) throws -> Int64? {
        try connection.first("SELECT id FROM registered_models WHERE name = \(name)") { $0.int(0) }
    }

    /// Locks a model that is about to change, or whose versions are, and returns its row ID. Changes to one model are serialized,
    /// across replicas too.
    static func lock(_ name: String, _ connection: any Connection) throws -> Int64? {
        try connection.first("SELECT id FROM registered_models WHERE name = \(name)\(connection.dialect.forUpdate)") { $0.int(0) }
    }

    static func touch(_ id: Int64, time: UnixMilliseconds, _ connection: any Connection) throws {
        try connection.execute("UPDATE registered_models SET last_update_time = \(time) WHERE id = \(id)")
    }

    static func setTags(_ tags: [KeyValue], model id: Int64, _ connection: any Connection) throws {
        for slice in tags.lastOfEachKey().powerOfTwoChunks() {
            try connection.execute(
                """
                INSERT INTO registered_model_tags (model_id, key, value)
                VALUES \(.rows(slice.map { [id.sqlValue, $0.key.sqlValue, $0.value.sqlValue] }))
                ON CONFLICT (model_id, key) DO UPDATE SET value = excluded.value
                """)
        }
    }

    static func tags(of id: Int64, _ connection: any Connection) throws -> [KeyValue] {
        try connection.rows("SELECT key, value FROM registered_model_tags WHERE model_id = \(id) ORDER BY key") {
            KeyValue(key: $0.text(0), value: $0.text(1))
        }
    }

    /// Returns the models with tags, aliases and latest versions, in the same order.
    static func complete(_ rows: [RegisteredModelRow], _ connection: any Connection) throws -> [RegisteredModel] {
        var models = rows.map(\.model)
        for start in stride(from: 0, to: rows.count, by: groupSize) {
            let group = start..<min(start + groupSize, rows.count)
            let positions = Dictionary(group.map { (rows[$0].id, $0) }) { first, _ in first }
            try fill(&models, positions, connection)
        }
        return models
    }

    private static func fill(_ models: inout [RegisteredModel], _ positions: [Int64: Int], _ connection: any Connection) throws {
        let ids = positions.keys.sorted()
        try connection.query(
            "SELECT model_id, key, value FROM registered_model_tags WHERE model_id IN (\(.list(ids))) ORDER BY model_id, key"
        ) { row in
            guard let position = positions[row.int(0)] else { return }
            models[position].tags.append(KeyValue(key: row.text(1), value: row.text(2)))
        }
        try connection.query(
            """
            SELECT model_id, alias, version FROM registered_model_aliases WHERE model_id IN (\(.list(ids)))
            ORDER BY model_id, alias
            """
        ) { row in
            guard let position = positions[row.int(0)] else { return }
            models[position].aliases.append(RegisteredModelAlias(alias: row.text(1), version: row.int(2)))
        }
        for row in try ModelVersionRows.latestOfEachStage(models: ids, connection) {
            guard let position = positions[row.modelID] else { continue }
            models[position].latestVersions.append(row.version)
        }
    }
}

extension [KeyValue] {
    /// The last tag of each key.
    func lastOfEachKey() -> [KeyValue] {
        var seen: Set<String> = []
        return reversed().filter { seen.insert($0.key).inserted }.reversed()
    }
}
