internal import Database
internal import ServiceKit
internal import WireProtocol

/// Creates, reads and changes registered models, after validation. A prompt is a registered model with a tag.
struct RegisteredModelService: Sendable {
    let store: RegisteredModelStore
    let time: TimeSource

    func create(name: String, tags: [KeyValue], description: String) async throws -> RegisteredModel {
        try Validation.checkModelName(name)
        for tag in tags { try Validation.checkRegistryTag(tag) }
        try Validation.checkDescription(description)
        return try await store.create(name: name, tags: tags, description: description, time: time.now())
    }

    func get(_ name: String) async throws -> RegisteredModel {
        try Validation.checkModelName(name)
        return try await store.find(name)
    }

    func update(_ name: String, description: String) async throws -> RegisteredModel {
        try Validation.checkModelName(name)
        try Validation.checkDescription(description)
        return try await store.update(name, description: description, time: time.now())
    }

    func rename(_ name: String, to newName: String) async throws -> RegisteredModel {
        try Validation.checkModelName(newName, parameter: "new_name")
        try Validation.checkModelName(name)
        do {
            return try await store.rename(name, to: newName, time: time.now())
        } catch let error as DatabaseError where error.kind == .uniqueViolation {
            throw ServiceError(.resourceAlreadyExists, "Registered Model (name=\(newName)) already exists.", cause: error)
        }
    }

    func delete(_ name: String) async throws {
        try Validation.checkModelName(name)
        try await store.delete(name)
    }

    func setTag(_ tag: KeyValue, of name: String) async throws {
        try Validation.checkModelName(name)
        try Validation.checkRegistryTag(tag)
        try await store.setTag(tag, of: name)
    }

    func deleteTag(_ key: String, of name: String) async throws {
        try Validation.checkModelName(name)
        try Validation.check(key, path: "key")
        try await store.deleteTag(key, of: name)
    }

    /// Returns the newest version in each of the given stages, or in every stage if `stages` is empty.
    func latestVersions(of name: String, stages: [String]) async throws -> [ModelVersion] {
        try Validation.checkModelName(name)
        let versions = try await store.latestVersions(of: name)
        let stageNames = try Set(stages.map { try ModelVersionStage(named: $0).rawValue })
        return stageNames.isEmpty ? versions : versions.filter { stageNames.contains($0.stage) }
    }
}
