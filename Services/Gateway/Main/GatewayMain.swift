internal import ArgumentParser
internal import Database
internal import Gateway
internal import ServiceDatabase
internal import ServiceKit

@main
enum GatewayMain {
    static func main() async {
        await Executable.run(GatewayCommand.self)
    }
}

struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unladen-gateway", abstract: "Serve many LLM providers through one API, with keys, limits and budgets.",
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

    @Option(help: "Directory for the usage log, which holds each request until it is in the database. [UNLADEN_USAGE_LOG_DIR]")
    var usageLogDir: String = Environment["UNLADEN_USAGE_LOG_DIR"] ?? "./unladen-gateway-usage-log"

    func run() async throws {
        let variable = Environment["UNLADEN_GATEWAY_CONFIG", "MLFLOW_GATEWAY_CONFIG", "MLFLOW_DEPLOYMENTS_CONFIG"]
        guard let path = configPath ?? variable else {
            throw ConfigurationError("--config-path is required: the path of the configuration file")
        }
        let service = ServiceHost(name: "unladen-gateway", options: options, defaultPort: 5002, limits: try limits.limits())
        let database = try database.open(default: Self.databaseFile)
        let gateway = try await Gateway(
            configuration: path, pluginDirectories: plugins.directories, database: database, usageLogDirectory: usageLogDir,
            isLocal: options.isLocal, metrics: service.metrics, logger: service.logger)
        guard !gateway.isOpen || gateway.isExplicitlyOpen || options.isLocal else {
            throw ConfigurationError(
                "without API keys the gateway only serves this machine, so --host can't be \(options.host); create a key with "
                    + "`unladen gateway keys create`, or set `require_keys: false` in \(path) to serve everyone")
        }
        gateway.register(on: service.routes)
        try await service.run(
            database: database, checks: [.database(database), gateway.configurationCheck], services: [gateway])
    }

    /// The SQLite file that is used by default.
    static let databaseFile = "unladen-gateway.db"
}
