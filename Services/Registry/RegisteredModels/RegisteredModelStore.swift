internal import Database
internal import Primitives
internal import ServiceDatabase
internal import WireProtocol

/// SQL for registered models.
struct RegisteredModelStore: Sendable {
    let database: any Database

    /// - Throws: `ServiceError` if a model or a prompt already has the name.
    func create(name: String, tags: [KeyValue], description: String, time: UnixMilliseconds) async throws -> RegisteredModel {
        try await database.write { connection in
            let id = try connection.first(
                """
                INSERT INTO registered_models (name, creation_time, last_update_time, description)
                VALUES (\(name), \(time), \(time), \(description)) ON CONFLICT (name) DO NOTHING RETURNING id
                """
            ) { $0.int(0) }
            guard let id else { throw try Self.nameConflict(name, by: tags, connection) }
            try RegisteredModelRows.setTags(tags, model: id, connection)
            return try RegisteredModelRows.find(name, connection)
        }
    }

    func find(_ name: String) async throws -> RegisteredModel {
        try await database.readResponse(.point) { try RegisteredModelRows.find(name, $0) }
    }

    func update(_ name: String, description: String, time: UnixMilliseconds) async throws -> RegisteredModel {
        try await database.write { connection in
            let id = try Self.lock(name, connection)
            try connection.execute(
                "UPDATE registered_models SET description = \(description), last_update_time = \(time) WHERE id = \(id)")
            return try RegisteredModelRows.find(name, connection)
        }
    }

    /// - Throws: `DatabaseError` with `uniqueViolation` if the new name is taken.
    func rename(_ name: String, to newName: String, time: UnixMilliseconds) async throws -> RegisteredModel {
        try await database.write { connection in
            let id = try Self.lock(name, connection)
            try connection.execute(
                "UPDATE registered_models SET name = \(newName), last_update_time = \(time) WHERE id = \(id)")
            try connection.execute("UPDATE model_versions SET last_update_time = \(time) WHERE model_id = \(id)")
            return try RegisteredModelRows.find(newName, connection)
        }
    }

    /// Deletes a model with its versions, tags and aliases.
    func delete(_ name: String) async throws {
        try await database.write { connection in
            let id = try Self.lock(name, connection)
            try connection.execute("DELETE FROM registered_models WHERE id = \(id)")
        }
    }

    func setTag(_ tag: KeyValue, of name: String) async throws {
        try await database.write { connection in
            try RegisteredModelRows.setTags([tag], model: Self.lock(name, connection), connection)
        }
    }

    /// Deletes a tag if it exists.
    func deleteTag(_ key: String, of name: String) async throws {
        try await database.write { connection in
            let id = try Self.lock(name, connection)
            try connection.execute("DELETE FROM registered_model_tags WHERE model_id = \(id) AND key = \(key)")
        }
    }

    /// Returns the newest version in each stage, with tags and aliases.
    func latestVersions(of name: String) async throws -> [ModelVersion] {
        try await database.readResponse(.point) { connection in
            guard let id = try RegisteredModelRows.id(of: name, connection) else { throw ServiceError.registeredModelNotFound(name) }
            var rows = try ModelVersionRows.latestOfEachStage(models: [id], connection)
            try ModelVersionRows.addAliases(to: &rows, connection)
            return rows.map(\.version)
        }
    }

    private static func lock(_ name: String, _ connection: any Connection) throws -> Int64 {
        guard let id = try RegisteredModelRows.lock(name, connection) else { throw ServiceError.registeredModelNotFound(name) }
        return id
    }

    /// - Parameter tags: tags of the model to be created.
    private static func nameConflict(_ name: String, by tags: [KeyValue], _ connection: any Connection) throws -> any Error {
        guard let existing = try RegisteredModelRows.id(of: name, connection) else {
            // The model was deleted in the meantime. `conflict` makes the database retry the transaction.
            return DatabaseError(.conflict, "the model that had the name was deleted concurrently")
        }
        return ServiceError.registeredModelExists(name, with: try RegisteredModelRows.tags(of: existing, connection), newTags: tags)
    }
}
