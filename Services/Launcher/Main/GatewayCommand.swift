internal import ArgumentParser
internal import Launcher
internal import ServiceKit

struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Check the gateway's configuration, manage API keys, and report usage.",
        discussion: """
            unladen gateway check FILE
            unladen gateway keys create --name NAME [--team TEAM] [--routes A,B] [--expires 90d] [--json]
            unladen gateway keys list [--json]
            unladen gateway keys revoke ID
            unladen gateway usage [--by team,model] [--last 7d] [--json]

            Passes its arguments to the gateway's executable, with the suite's database. The suite may be running.
            """)

    @OptionGroup var stores: StoreOptions
    @OptionGroup var programs: BinaryDirectoryOptions

    @Argument(parsing: .allUnrecognized, help: "The subcommand (check, keys or usage) and its arguments.")
    var arguments: [String] = []

    func run() async throws {
        guard let first = arguments.first, ["check", "keys", "usage"].contains(first) else {
            throw ConfigurationError("unladen gateway requires a subcommand: check, keys or usage. See `unladen gateway --help`.")
        }
        let stores = try StoreLocations(stores)
        var environment: [String: String] = [:]
        if first != "check" {
            try stores.requireData(of: "gateway")
        } else if Environment["MLFLOW_TRACKING_URI"] == nil {
            // As with `unladen up`, whose gateway sends traces to the suite's tracking service unless the file configures another.
            environment["MLFLOW_TRACKING_URI"] = "http://127.0.0.1:5000"
        }
        try ServiceTask(
            service: "gateway", arguments: arguments, stores: stores, binaryDirectory: programs.path, environment: environment
        ).exec()
    }
}
