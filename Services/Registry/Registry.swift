package import Database
package import ServiceClient
package import ServiceKit

/// The registry service: composes its parts and registers their routes.
package struct Registry: Sendable {
    private let database: any Database
    private let models: RegisteredModelRules
    private let versions: ModelVersionRules
    private let aliases: AliasRules

    /// - Parameters:
    ///   - tracking: where runs and logged models are asked for.
    ///   - sources: what may be registered.
    package init(
        database: any Database, tracking: TrackingClient, sources: SourcePolicy, time: TimeSource = .system
    ) {
        self.database = database
        models = RegisteredModelRules(store: RegisteredModelStore(database: database), time: time)
        aliases = AliasRules(store: AliasStore(database: database), models: models)
        let versionStore = ModelVersionStore(database: database)
        versions = ModelVersionRules(
            store: versionStore,
            sources: SourceAdmission(
                policy: sources, tracking: tracking, models: models, versions: versionStore, aliases: aliases),
            backlinks: ModelVersionBacklinks(tracking: tracking), time: time)
    }

    /// Brings the schema up to date.
    package func prepare() async throws {
        try await Self.migrate(database)
    }

    package static func migrate(_ database: any Database) async throws {
        try await database.migrate(service: "registry", RegistrySchema.migrations)
    }

    package func register(on routes: APIRoutes) {
        RegisteredModelRoutes(rules: models).register(on: routes)
        ModelVersionRoutes(rules: versions).register(on: routes)
        AliasRoutes(rules: aliases).register(on: routes)
        ModelSearch(database: database).register(on: routes)
        VersionSearch(database: database).register(on: routes)
    }
}
