internal import Database
internal import Primitives
internal import ServiceDatabase
internal import WireProtocol

/// SQL for model versions.
struct ModelVersionStore: Sendable {
    let database: any Database

    /// Creates the next version of a model. Concurrent calls never get the same number, even on different replicas.
    func create(_ new: CreateModelVersionRequest, from source: ResolvedSource, time: UnixMilliseconds) async throws -> ModelVersion {
        try await database.write { connection in
            guard let model = try RegisteredModelRows.lock(new.name, connection) else {
                throw ServiceError.registeredModelNotFound(new.name)
            }
            try RegisteredModelRows.touch(model, time: time, connection)
            // Deleted versions count too, so that a number never refers to two versions.
            let number = try connection.first(
                """
                INSERT INTO model_versions (model_id, version, creation_time, last_update_time, stage, description, source,
                    storage_location, run_id, run_link, status)
                SELECT \(model), COALESCE(MAX(version), 0) + 1, \(time), \(time), \(ModelVersionStage.none.rawValue),
                    \(new.description), \(source.source), \(source.location), \(source.runID), \(new.runLink), 'READY'
                FROM model_versions WHERE model_id = \(model) RETURNING version
                """
            ) { $0.int(0) }
            guard let number else { throw DatabaseError(.failure, "an INSERT returned no version number") }
            try ModelVersionRows.setTags(new.tags, model: model, version: number, connection)
            return try ModelVersionRows.find(new.name, number, connection)
        }
    }

    func find(_ name: String, _ version: Int64) async throws -> ModelVersion {
        try await database.readResponse(.point) { try ModelVersionRows.find(name, version, $0) }
    }

    func downloadURI(of name: String, _ version: Int64) async throws -> String {
        try await database.read(.point) { try ModelVersionRows.row(name, version, $0).downloadURI }
    }

    func update(_ name: String, _ version: Int64, description: String?, time: UnixMilliseconds) async throws -> ModelVersion {
        try await database.write { connection in
            let model = try ModelVersionRows.lock(name, version, connection)
            try connection.execute(
                """
                UPDATE model_versions SET description = \(description), last_update_time = \(time)
                WHERE model_id = \(model) AND version = \(version)
                """)
            return try ModelVersionRows.find(name, version, connection)
        }
    }

    /// Moves a version to a stage.
    ///
    /// - Parameter archiveExisting: whether to archive the versions that are already in that stage.
    func transitionStage(
        _ name: String, _ version: Int64, to stage: ModelVersionStage, archiveExisting: Bool, time: UnixMilliseconds
    ) async throws -> ModelVersion {
        try await database.write { connection in
            let model = try ModelVersionRows.lock(name, version, connection)
            if archiveExisting {
                try connection.execute(
                    """
                    UPDATE model_versions SET stage = \(ModelVersionStage.archived.rawValue), last_update_time = \(time)
                    WHERE model_id = \(model) AND stage = \(stage.rawValue) AND version <> \(version)
                    """)
            }
            try connection.execute(
                """
                UPDATE model_versions SET stage = \(stage.rawValue), last_update_time = \(time)
                WHERE model_id = \(model) AND version = \(version)
                """)
            try RegisteredModelRows.touch(model, time: time, connection)
            return try ModelVersionRows.find(name, version, connection)
        }
    }

    /// Deletes a version and the aliases that point to it. The row stays with only its number and times, so that the number
    /// isn't reused.
    func delete(_ name: String, _ version: Int64, time: UnixMilliseconds) async throws {
        try await database.write { connection in
            let model = try ModelVersionRows.lock(name, version, connection)
            try connection.execute("DELETE FROM registered_model_aliases WHERE model_id = \(model) AND version = \(version)")
            try connection.execute(
                """
                UPDATE model_versions SET stage = \(ModelVersionRows.deletedStage), last_update_time = \(time), user_id = NULL,
                    description = NULL, source = NULL, storage_location = NULL, run_id = NULL, run_link = NULL,
                    status_message = NULL
                WHERE model_id = \(model) AND version = \(version)
                """)
            try RegisteredModelRows.touch(model, time: time, connection)
        }
    }

    func setTag(_ tag: KeyValue, of name: String, _ version: Int64) async throws {
        try await database.write { connection in
            let model = try ModelVersionRows.lock(name, version, connection)
            try ModelVersionRows.setTags([tag], model: model, version: version, connection)
        }
    }

    /// Deletes a tag if it exists.
    func deleteTag(_ key: String, of name: String, _ version: Int64) async throws {
        try await database.write { connection in
            let model = try ModelVersionRows.lock(name, version, connection)
            try connection.execute(
                "DELETE FROM model_version_tags WHERE model_id = \(model) AND version = \(version) AND key = \(key)")
        }
    }
}
