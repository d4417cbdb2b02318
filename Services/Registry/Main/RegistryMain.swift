internal import ArgumentParser
internal import HTTPServer
internal import Registry
internal import ServiceClient
internal import ServiceDatabase
internal import ServiceKit

@main
enum RegistryMain {
    static func main() async {
        await Executable.run(RegistryCommand.self)
    }
}

/// `unladen-registry`.
struct RegistryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unladen-registry", abstract: "Unladen's model registry for models, versions, aliases and prompts.",
        subcommands: [ServeCommand.self, ImportCommand.self], defaultSubcommand: ServeCommand.self)
}

/// `unladen-registry serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "Serve the registry (the default).")

    @OptionGroup var options: ServiceOptions
    @OptionGroup var limits: RequestLimitOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var tracking: TrackingOptions
    @OptionGroup var sources: SourceOptions

    func run() async throws {
        let trackingClient = JSONServiceClient(
            name: "tracking", address: try tracking.address(), reserve: RequestMemory.reserveForCurrentRequest)
        let policy = try sources.policy()
        let service = ServiceHost(name: "unladen-registry", options: options, defaultPort: 5001, limits: try limits.limits())
        let database = try database.open(default: Self.databaseFile)
        let registry = Registry(database: database, tracking: TrackingClient(client: trackingClient), sources: policy)
        try await registry.prepare()
        registry.register(on: service.routes)
        try await service.run(
            database: database, checks: [.database(database)], services: [ShutdownAction { await trackingClient.close() }])
    }

    /// The default SQLite file.
    static let databaseFile = "unladen-registry.db"
}
