internal import SearchFilter
internal import ServiceKit
internal import WireProtocol

/// Creates, reads and changes logged models, after validation.
struct LoggedModelService: Sendable {
    let store: LoggedModelStore
    let time: TimeSource
    let random: RandomSource

    /// - Parameter name: empty to generate a name.
    func create(
        experimentID: String, name: String, modelType: String, sourceRunID: String, params: [KeyValue], tags: [KeyValue]
    ) async throws -> LoggedModel {
        try Self.check(name: name)
        let experiment = try ExperimentID.parse(experimentID)
        guard Set(params.map(\.key)).count == params.count else { throw ServiceError.duplicateLoggedModelParam }
        guard Set(tags.map(\.key)).count == tags.count else { throw ServiceError(.badRequest, "'tags' contains a duplicate key.") }
        let now = time.now()
        var model = LoggedModel(
            modelID: "m-" + random.hexID(), experimentID: experiment,
            name: name.isEmpty ? RunNameGenerator(random: random).generate() : name,
            artifactURI: "", creationTime: now, lastUpdateTime: now, status: .pending, modelType: modelType,
            sourceRunID: sourceRunID)
        (model.params, model.tags) = (params, tags)
        return try await store.create(model)
    }

    func get(_ modelID: String, allowDeleted: Bool = false) async throws -> LoggedModel {
        guard let model = try await store.find(modelID, allowDeleted: allowDeleted) else { throw ServiceError.loggedModelNotFound(modelID) }
        return model
    }

    func setStatus(_ status: LoggedModelStatus, of modelID: String) async throws -> LoggedModel {
        guard let model = try await store.setStatus(status, of: modelID, time: time.now()) else {
            throw ServiceError.loggedModelNotFound(modelID)
        }
        return model
    }

    func delete(_ modelID: String) async throws {
        guard try await store.delete(modelID, time: time.now()) else { throw ServiceError.loggedModelNotFound(modelID) }
    }

    func addParams(_ params: [KeyValue], to modelID: String) async throws {
        try await store.addParams(params, to: modelID)
    }

    /// Sets tags; the last of several with the same key wins.
    func setTags(_ tags: [KeyValue], of modelID: String) async throws {
        var keys: Set<String> = []
        try await store.setTags(tags.reversed().filter { keys.insert($0.key).inserted }.reversed(), of: modelID)
    }

    func deleteTag(_ key: String, of modelID: String) async throws {
        guard try await store.deleteTag(key, of: modelID) else {
            throw ServiceError.doesNotExist(
                "No tag with key \(PythonRepr.quoted(key)) found for model with ID \(PythonRepr.quoted(modelID)).")
        }
    }

    private static func check(name: String) throws {
        guard !name.unicodeScalars.contains(where: { "/:.%\"'".unicodeScalars.contains($0) }) else {
            throw ServiceError.invalidParameter(
                "Invalid model name (\(PythonRepr.quoted(name))) provided. Model name must be a non-empty string and cannot contain"
                    + " the following characters: ('/', ':', '.', '%', '\"', \"'\")")
        }
    }
}
