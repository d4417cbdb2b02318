internal import Database
internal import ServiceDatabase
internal import WireProtocol

/// SQL for aliases.
struct AliasStore: Sendable {
    let database: any Database

    /// Points an alias to a version, creating the alias if it doesn't exist.
    func set(_ alias: String, of name: String, to version: Int64) async throws {
        try await database.write { connection in
            let model = try ModelVersionRows.lock(name, version, connection)
            try connection.execute(
                """
                INSERT INTO registered_model_aliases (model_id, alias, version) VALUES (\(model), \(alias), \(version))
                ON CONFLICT (model_id, alias) DO UPDATE SET version = excluded.version
                """)
        }
    }

    /// Deletes an alias if it exists.
    func delete(_ alias: String, of name: String) async throws {
        try await database.write { connection in
            guard let model = try RegisteredModelRows.lock(name, connection) else { throw ServiceError.registeredModelNotFound(name) }
            try connection.execute("DELETE FROM registered_model_aliases WHERE model_id = \(model) AND alias = \(alias)")
        }
    }

    /// Returns the version that an alias points to.
    func version(of name: String, alias: String) async throws -> ModelVersion {
        try await database.readResponse(.point) { connection in
            guard let model = try RegisteredModelRows.id(of: name, connection) else { throw ServiceError.registeredModelNotFound(name) }
            let version = try connection.first(
                "SELECT version FROM registered_model_aliases WHERE model_id = \(model) AND alias = \(alias)"
            ) { $0.int(0) }
            guard let version else { throw ServiceError.invalidParameter("Registered model alias \(alias) not found.") }
            return try ModelVersionRows.find(name, version, connection)
        }
    }
}
