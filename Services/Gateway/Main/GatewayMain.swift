internal import ArgumentParser
internal import Database
internal import Gateway
internal import ServiceKit

@main
enum GatewayMain {
    static func main() async {
        await Executable.run(GatewayCommand.self)
    }
}

struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unladen-gateway", abstract: "Unladen's gateway: one API for every model.",
        subcommands: [ServeCommand.self, CheckCommand.self, KeysCommand.self, UsageCommand.self], defaultSubcommand: ServeCommand.self)
}

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "Serve the gateway (the default).")

    @OptionGroup var options: ServiceOptions
    @OptionGroup var limits: RequestLimitOptions
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var plugins: PluginOptions

    @Option(help: "The configuration file. [UNLADEN_GATEWAY_CONFIG, MLFLOW_GATEWAY_CONFIG, MLFLOW_DEPLOYMENTS_CONFIG]")
    var configPath: String?

    @Option(help: "Folder in which requests are kept until they are in the database. [UNLADEN_JOURNAL_DIR]")
    var journalDir: String = Environment["UNLADEN_JOURNAL_DIR"] ?? "./unladen-gateway-journal"

    func run() async throws {
        let names = ["UNLADEN_GATEWAY_CONFIG", "MLFLOW_GATEWAY_CONFIG", "MLFLOW_DEPLOYMENTS_CONFIG"]
        guard let path = configPath ?? names.lazy.compactMap({ Environment[$0] }).first else {
            throw ConfigurationError("--config-path is missing: a YAML file with the routes")
        }
        let service = ServiceHost(name: "unladen-gateway", options: options, defaultPort: 5002, limits: try limits.limits())
        let database = try database.open(default: Self.databaseFile)
        let gateway = try await Gateway(
            configuration: path, pluginDirectories: plugins.directories, database: database, usageLogDirectory: journalDir,
            isLocal: options.isLocal, logger: service.logger)
        guard !gateway.isOpen || gateway.isExplicitlyOpen || options.isLocal else {
            throw ConfigurationError(
                "without keys the gateway serves this machine only, and not --host \(options.host); make a key with `unladen gateway keys create`, "
                    + "or set `require_keys: false` in \(path) to serve everybody")
        }
        gateway.register(on: service.routes, metrics: service.metrics)
        let work = Task { await gateway.run() }
        try await service.run(database: database, checks: [.database(database), gateway.configurationCheck]) {
            work.cancel()
            await work.value
        }
    }

    /// SQLite's file when no other database is given.
    static let databaseFile = "unladen-gateway.db"
}
