internal import ArgumentParser
internal import ServiceClient
internal import ServiceDatabase
internal import ServiceKit
internal import Tracking

@main
enum TrackingMain {
    static func main() async {
        await Executable.run(TrackingCommand.self)
    }
}

/// `unladen-tracking`.
struct TrackingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unladen-tracking", abstract: "Unladen's tracking service for experiments, runs, logged models, traces and artifacts.",
        subcommands: [ServeCommand.self, ImportCommand.self, GarbageCollectCommand.self], defaultSubcommand: ServeCommand.self)
}

/// `unladen-tracking serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "Serve the tracking API (the default).")

    @OptionGroup var options: ServiceOptions
    @OptionGroup var limits: RequestLimitOptions
    @OptionGroup var spans: SpanLimitOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var artifacts: ArtifactOptions
    @OptionGroup var gateway: GatewayOptions
    @OptionGroup var webUI: WebUIOptions

    @Option(
        help: "URI below which new experiments store artifacts. [UNLADEN_DEFAULT_ARTIFACT_ROOT, MLFLOW_DEFAULT_ARTIFACT_ROOT]")
    var defaultArtifactRoot: String =
        Environment["UNLADEN_DEFAULT_ARTIFACT_ROOT", "MLFLOW_DEFAULT_ARTIFACT_ROOT"] ?? "mlflow-artifacts:/"

    @Option(help: "URL of the registry. [UNLADEN_REGISTRY_URI]")
    var registryUri: String = Environment["UNLADEN_REGISTRY_URI"] ?? "http://127.0.0.1:5001"

    private func registry() throws -> ServiceAddress {
        guard let address = ServiceAddress(registryUri) else {
            throw ConfigurationError("--registry-uri must be http://HOST:PORT or https://HOST:PORT, not '\(registryUri)'.")
        }
        return address
    }

    func run() async throws {
        let prefix = try webUI.prefix()
        let service = ServiceHost(
            name: "unladen-tracking", options: options, defaultPort: 5000, limits: try limits.limits(), prefix: prefix)
        let files = try webUI.files()
        let database = try database.open(default: Self.databaseFile)
        let artifacts = try artifacts.open(logger: service.logger)
        let tracking = Tracking(
            database: database, artifacts: artifacts, artifactRoot: defaultArtifactRoot, registry: try registry(),
            gateway: try gateway.settings(), webUI: files, prefix: prefix, spanLimits: try spans.limits())
        try await tracking.prepare()
        tracking.register(on: service.routes)
        let reachable = ReadinessCheck("artifacts") { try await artifacts.checkReachable() }
        try await service.run(
            database: database, checks: [.database(database), reachable], services: [ShutdownAction { await artifacts.shutdown() }])
    }

    /// The default SQLite file.
    static let databaseFile = "unladen-tracking.db"
}
