internal import Database
internal import WireProtocol

/// The SQL of logged models; their search is in `LoggedModelSearch`.
struct LoggedModelStore: Sendable {
    let database: any Database

    /// Adds a model with its params and tags. Where its files are follows from its experiment.
    ///
    /// - Throws: `ServiceError` when the experiment is missing or deleted.
    func create(_ model: LoggedModel) async throws -> LoggedModel {
        try await database.write { connection in
            let found = try ExperimentStore.find(where: "id = \(model.experimentID)", connection).first
            guard let experiment = found else { throw ExperimentService.notFound(model.experimentID) }
            try ExperimentService.requireActive(experiment.id, experiment.lifecycleStage)
            var model = model
            model.artifactURI = ExperimentService.appendPath(
                "models/\(model.modelID)/artifacts", to: experiment.artifactLocation)
            let id = try LoggedModelRows.insert(model, connection)
            try LoggedModelRows.insert(params: model.params, of: id, connection)
            try LoggedModelRows.upsert(tags: model.tags, of: id, connection)
            return model
        }
    }

    /// - Parameter allowDeleted: whether a deleted one counts.
    func find(_ modelID: String, allowDeleted: Bool) async throws -> LoggedModel? {
        try await database.read { connection in
            guard let row = try LoggedModelRows.find(modelID, allowDeleted: allowDeleted, connection) else { return nil }
            return try LoggedModelReader.read([row], connection).first
        }
    }

    /// Changes the status of a model, deleted or not, and returns the model as it is then.
    func setStatus(_ status: LoggedModelStatus, of modelID: String, time: Int64) async throws -> LoggedModel? {
        try await database.write { connection in
            try connection.execute(
                "UPDATE logged_models SET status = \(status.number), last_update_time = \(time) WHERE model_id = \(modelID)")
        }
        return try await find(modelID, allowDeleted: true)
    }

    /// - Returns: whether there is such a model; deleting it again is fine.
    func delete(_ modelID: String, time: Int64) async throws -> Bool {
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE logged_models SET lifecycle_stage = 'deleted', deleted_time = \(time), last_update_time = \(time)
                WHERE model_id = \(modelID)
                """) > 0
        }
    }

    /// - Throws: `ServiceError` when there is no such model, or it has one of the params already.
    func addParams(_ params: [KeyValue], to modelID: String) async throws {
        try await database.write { connection in
            let model = try LoggedModelRows.id(of: modelID, connection)
            try LoggedModelRows.insert(params: params, of: model, connection)
        }
    }

    /// Sets tags, each of which is given once.
    ///
    /// - Throws: `ServiceError` when there is no such model.
    func setTags(_ tags: [KeyValue], of modelID: String) async throws {
        try await database.write { connection in
            let model = try LoggedModelRows.id(of: modelID, connection)
            try LoggedModelRows.upsert(tags: tags, of: model, connection)
        }
    }

    /// - Returns: whether there was such a tag.
    /// - Throws: `ServiceError` when there is no such model.
    func deleteTag(_ key: String, of modelID: String) async throws -> Bool {
        try await database.write { connection in
            let model = try LoggedModelRows.id(of: modelID, connection)
            return try connection.execute("DELETE FROM logged_model_tags WHERE model_id = \(model) AND key = \(key)") > 0
        }
    }
}
