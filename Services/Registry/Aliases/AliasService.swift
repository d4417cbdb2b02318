internal import WireProtocol

/// Sets, deletes and resolves aliases of model versions, after validation.
struct AliasService: Sendable {
    let store: AliasStore
    let models: RegisteredModelService

    func set(_ alias: String, of name: String, to version: String) async throws {
        try Validation.checkModelName(name)
        try Validation.checkNewAlias(alias)
        try await store.set(alias, of: name, to: try Validation.versionNumber(version))
    }

    func delete(_ alias: String, of name: String) async throws {
        try Validation.checkModelName(name)
        try Validation.checkAlias(alias)
        try await store.delete(alias, of: name)
    }

    /// Returns the version that an alias points to. The reserved alias `latest` points to the newest version.
    func version(of name: String, alias: String) async throws -> ModelVersion {
        try Validation.checkModelName(name)
        try Validation.checkAlias(alias)
        guard Validation.isLatest(alias: alias) else { return try await store.version(of: name, alias: alias) }
        guard let newest = try await models.latestVersions(of: name, stages: []).max(by: { $0.version < $1.version }) else {
            throw ServiceError.doesNotExist("Latest version not found for model \(name).")
        }
        return newest
    }
}
