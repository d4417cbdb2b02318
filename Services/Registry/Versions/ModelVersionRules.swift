internal import Logging
internal import ServiceKit
internal import WireProtocol

/// The rules of model versions.
struct ModelVersionRules: Sendable {
    private static let runIDLimit = 256

    let store: ModelVersionStore
    let sources: SourceAdmission
    let backlinks: ModelVersionBacklinks
    let time: TimeSource

    func create(_ new: NewModelVersion, logger: Logger) async throws -> ModelVersion {
        let admitted = try await sources.admit(new)
        try NameRules.checkModelName(new.name)
        for tag in new.tags { try NameRules.checkVersionTag(tag) }
        try NameRules.checkDescription(new.description)
        try NameRules.checkLength(admitted.runID, of: "run_id", limit: Self.runIDLimit)
        let source = try await sources.locate(admitted)
        let version = try await store.create(new, from: source, time: time.now())
        if !source.isPrompt, !source.modelID.isEmpty {
            await backlinks.add(version, to: source.modelID, logger: logger)
        }
        return version
    }

    func get(_ name: String, _ version: String) async throws -> ModelVersion {
        try NameRules.checkModelName(name)
        return try await store.find(name, try NameRules.versionNumber(version))
    }

    /// Where clients download a version's files from.
    func downloadURI(of name: String, _ version: String) async throws -> String {
        try NameRules.checkModelName(name)
        return try await store.downloadURI(of: name, try NameRules.versionNumber(version))
    }

    /// - Parameter description: `nil` takes the description away.
    func update(_ name: String, _ version: String, description: String?) async throws -> ModelVersion {
        try NameRules.checkModelName(name)
        try NameRules.checkDescription(description ?? "")
        return try await store.update(
            name, try NameRules.versionNumber(version), description: description, time: time.now())
    }

    func move(_ name: String, _ version: String, to stageName: String, archivesOthers: Bool) async throws -> ModelVersion {
        let stage = try ModelVersionStage(named: stageName)
        guard !archivesOthers || ModelVersionStage.active.contains(stage) else {
            throw ServiceError.invalidParameter(
                "Model version transition cannot archive existing model versions because '\(stageName)' is not an Active stage."
                    + " Valid stages are ['Staging', 'Production']")
        }
        try NameRules.checkModelName(name)
        return try await store.move(
            name, try NameRules.versionNumber(version), to: stage, archivesOthers: archivesOthers, time: time.now())
    }

    func delete(_ name: String, _ version: String) async throws {
        let number = try NameRules.versionNumber(version)
        try NameRules.checkModelName(name)
        try await store.delete(name, number, time: time.now())
    }

    func setTag(_ tag: KeyValue, of name: String, _ version: String) async throws {
        try NameRules.checkModelName(name)
        let number = try NameRules.versionNumber(version)
        try NameRules.checkVersionTag(tag)
        try await store.setTag(tag, of: name, number)
    }

    func deleteTag(_ key: String, of name: String, _ version: String) async throws {
        try NameRules.checkModelName(name)
        let number = try NameRules.versionNumber(version)
        try NameRules.check(key, path: "key")
        try await store.deleteTag(key, of: name, number)
    }

    static func missing(_ name: String, _ version: Int64) -> ServiceError {
        .doesNotExist("Model Version (name=\(name), version=\(version)) not found")
    }
}
