internal import Logging
internal import ServiceClient
internal import ServiceKit
internal import WireProtocol

/// Creates, reads and changes model versions, after validation.
struct ModelVersionService: Sendable {
    /// In Unicode characters.
    private static let runIDLimit = 256

    let store: ModelVersionStore
    let sources: SourceResolver
    let backlinks: ModelVersionBacklinks
    let time: TimeSource

    /// - Parameter traceHeaders: headers for the calls to the tracking service.
    func create(
        _ new: CreateModelVersionRequest, traceHeaders: [(name: String, value: String)], logger: Logger
    ) async throws -> ModelVersion {
        var (sources, backlinks) = (sources, backlinks)
        sources.tracking = sources.tracking.adding(headers: traceHeaders)
        backlinks.tracking = sources.tracking
        let resolved = try await sources.validate(new)
        try Validation.checkModelName(new.name)
        for tag in new.tags { try Validation.checkVersionTag(tag) }
        try Validation.checkDescription(new.description)
        try Validation.checkLength(resolved.runID, of: "run_id", limit: Self.runIDLimit)
        let source = try await sources.resolveLocation(resolved)
        let version = try await store.create(new, from: source, time: time.now())
        if !source.isPrompt, !source.modelID.isEmpty {
            await backlinks.add(version, to: source.modelID, logger: logger)
        }
        return version
    }

    func get(_ name: String, _ version: String) async throws -> ModelVersion {
        try Validation.checkModelName(name)
        return try await store.find(name, try Validation.versionNumber(version))
    }

    /// Returns the URI that clients download a version's files from.
    func downloadURI(of name: String, _ version: String) async throws -> String {
        try Validation.checkModelName(name)
        return try await store.downloadURI(of: name, try Validation.versionNumber(version))
    }

    /// - Parameter description: `nil` removes the description.
    func update(_ name: String, _ version: String, description: String?) async throws -> ModelVersion {
        try Validation.checkModelName(name)
        try Validation.checkDescription(description ?? "")
        return try await store.update(
            name, try Validation.versionNumber(version), description: description, time: time.now())
    }

    func transitionStage(
        _ name: String, _ version: String, to stageName: String, archiveExisting: Bool
    ) async throws -> ModelVersion {
        let stage = try ModelVersionStage(named: stageName)
        guard !archiveExisting || ModelVersionStage.active.contains(stage) else {
            throw ServiceError.invalidParameter(
                "Model version transition cannot archive existing model versions because '\(stageName)' is not an Active stage."
                    + " Valid stages are ['Staging', 'Production']")
        }
        try Validation.checkModelName(name)
        return try await store.transitionStage(
            name, try Validation.versionNumber(version), to: stage, archiveExisting: archiveExisting, time: time.now())
    }

    func delete(_ name: String, _ version: String) async throws {
        let number = try Validation.versionNumber(version)
        try Validation.checkModelName(name)
        try await store.delete(name, number, time: time.now())
    }

    func setTag(_ tag: KeyValue, of name: String, _ version: String) async throws {
        try Validation.checkModelName(name)
        let number = try Validation.versionNumber(version)
        try Validation.checkVersionTag(tag)
        try await store.setTag(tag, of: name, number)
    }

    func deleteTag(_ key: String, of name: String, _ version: String) async throws {
        try Validation.checkModelName(name)
        let number = try Validation.versionNumber(version)
        try Validation.check(key, path: "key")
        try await store.deleteTag(key, of: name, number)
    }
}
