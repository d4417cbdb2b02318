package import Database
package import ServiceClient
package import ServiceKit

/// The registry service: composes its parts and registers their routes.
package struct Registry: Sendable {
    private let database: any Database
    private let models: RegisteredModelService
    private let versions: ModelVersionService
    private let aliases: AliasService

    /// Composes the service.
    ///
    /// - Parameters:
    ///   - tracking: looks up runs and logged models.
    ///   - sources: the allowed sources of model versions.
    package init(
        database: any Database, tracking: TrackingClient, sources: SourcePolicy, time: TimeSource = .system
    ) {
        self.database = database
        models = RegisteredModelService(store: RegisteredModelStore(database: database), time: time)
        aliases = AliasService(store: AliasStore(database: database), models: models)
        let versionStore = ModelVersionStore(database: database)
        versions = ModelVersionService(
            store: versionStore,
            sources: SourceResolver(
                policy: sources, tracking: tracking, models: models, versions: versionStore, aliases: aliases),
            backlinks: ModelVersionBacklinks(tracking: tracking), time: time)
    }

    /// Migrates the schema; call before serving requests.
    package func prepare() async throws {
        try await Self.migrate(database)
    }

    /// Migrates the schema of `database` to the current version.
    package static func migrate(_ database: any Database) async throws {
        try await database.migrate(service: "registry", RegistrySchema.migrations)
    }

    /// Registers all routes of the registry.
    package func register(on routes: APIRoutes) {
        RegisteredModelRoutes(service: models).register(on: routes)
        ModelVersionRoutes(service: versions).register(on: routes)
        AliasRoutes(service: aliases).register(on: routes)
        RegisteredModelSearch(database: database).register(on: routes)
        ModelVersionSearch(database: database).register(on: routes)
    }
}
