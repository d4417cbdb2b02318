internal import Database
internal import Primitives
internal import WireProtocol

/// SQL for logged models, except search, which is in `LoggedModelSearch`.
struct LoggedModelStore: Sendable {
    let database: any Database

    /// Inserts a model with its params and tags. Its artifact URI is derived from its experiment's.
    ///
    /// - Throws: `ServiceError` if the experiment is missing or deleted.
    func create(_ model: LoggedModel) async throws -> LoggedModel {
        try await database.write { connection in
            let found = try ExperimentStore.find(where: "id = \(model.experimentID)", connection).first
            guard let experiment = found else { throw ServiceError.experimentNotFound(model.experimentID) }
            try experiment.lifecycleStage.requireActive(experiment: experiment.id)
            var model = model
            model.artifactURI = ArtifactURI.appending(
                "models/\(model.modelID)/artifacts", to: experiment.artifactLocation)
            let id = try LoggedModelRows.insert(model, connection)
            try LoggedModelRows.insert(params: model.params, of: id, connection)
            try LoggedModelRows.upsert(tags: model.tags, of: id, connection)
            return model
        }
    }

    /// - Parameter allowDeleted: whether to include deleted models.
    func find(_ modelID: String, allowDeleted: Bool) async throws -> LoggedModel? {
        try await database.read { connection in
            guard let row = try LoggedModelRows.find(modelID, allowDeleted: allowDeleted, connection) else { return nil }
            return try LoggedModelReader.read([row], connection).first
        }
    }

    /// Changes the status of a model, deleted or not, and returns the updated model; `nil` if it doesn't exist.
    func setStatus(_ status: LoggedModelStatus, of modelID: String, time: UnixMilliseconds) async throws -> LoggedModel? {
        try await database.write { connection in
            try connection.execute(
                "UPDATE logged_models SET status = \(status.number), last_update_time = \(time) WHERE model_id = \(modelID)")
        }
        return try await find(modelID, allowDeleted: true)
    }

    /// - Returns: whether the model exists. Deleting it again succeeds.
    func delete(_ modelID: String, time: UnixMilliseconds) async throws -> Bool {
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE logged_models SET lifecycle_stage = 'deleted', deleted_time = \(time), last_update_time = \(time)
                WHERE model_id = \(modelID)
                """) > 0
        }
    }

    /// - Throws: `ServiceError` if the model doesn't exist or already has one of the params.
    func addParams(_ params: [KeyValue], to modelID: String) async throws {
        try await database.write { connection in
            let model = try LoggedModelRows.id(of: modelID, connection)
            try LoggedModelRows.insert(params: params, of: model, connection)
        }
    }

    /// Sets tags. The keys must be unique.
    ///
    /// - Throws: `ServiceError` if the model doesn't exist.
    func setTags(_ tags: [KeyValue], of modelID: String) async throws {
        try await database.write { connection in
            let model = try LoggedModelRows.id(of: modelID, connection)
            try LoggedModelRows.upsert(tags: tags, of: model, connection)
        }
    }

    /// - Returns: whether the tag existed.
    /// - Throws: `ServiceError` if the model doesn't exist.
    func deleteTag(_ key: String, of modelID: String) async throws -> Bool {
        try await database.write { connection in
            let model = try LoggedModelRows.id(of: modelID, connection)
            return try connection.execute("DELETE FROM logged_model_tags WHERE model_id = \(model) AND key = \(key)") > 0
        }
    }
}
