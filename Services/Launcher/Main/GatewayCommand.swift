internal import ArgumentParser
internal import Launcher
internal import ServiceKit

struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Checks the gateway's configuration, makes keys, and tells what was used.",
        discussion: """
            unladen gateway check FILE
            unladen gateway keys create --name NAME [--team TEAM] [--routes A,B] [--expires 90d] [--json]
            unladen gateway keys list [--json]
            unladen gateway keys revoke ID
            unladen gateway usage [--by team,model] [--last 7d] [--json]

            Hands the rest of its arguments to the service's own executable, with the suite's database. The suite may run meanwhile.
            """)

    @OptionGroup var stores: StoreOptions
    @OptionGroup var programs: BinaryDirectoryOptions

    @Argument(parsing: .allUnrecognized, help: "What to do.")
    var arguments: [String] = []

    func run() async throws {
        guard let first = arguments.first, ["check", "keys", "usage"].contains(first) else {
            throw ConfigurationError("unladen gateway can do: check, keys, usage; see `unladen gateway --help`")
        }
        let stores = try StoreLocations(stores)
        var environment: [String: String] = [:]
        if first != "check" {
            try stores.requireData(of: "gateway")
        } else if Environment["MLFLOW_TRACKING_URI"] == nil {
            // As from `unladen up`, whose gateway sends traces to its own tracking service unless the file names another.
            environment["MLFLOW_TRACKING_URI"] = "http://127.0.0.1:5000"
        }
        try ServiceTask(
            service: "gateway", arguments: arguments, stores: stores, binaryDirectory: programs.path, environment: environment
        ).exec()
    }
}
