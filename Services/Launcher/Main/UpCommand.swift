internal import ArgumentParser
internal import Launcher
internal import ServiceKit

struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Start the suite and keep it running until Ctrl-C or SIGTERM.",
        discussion: """
            Starts the tracking service on --port (5000), the registry on the next port and, with --gateway-config, the gateway on \
            the one after it. If the port of the registry or the gateway is in use, it gets a free one. \
            When all services are ready, their addresses are printed to stdout; their logs go to stderr. A service that crashes is \
            restarted. Ctrl-C stops the suite and waits up to 30 s for requests in flight; a second Ctrl-C kills it immediately.

            If the gateway requires API keys, the tracking service needs one to call it from the UI's playground and for prompt \
            engineering: set UNLADEN_GATEWAY_KEY, or set UNLADEN_GATEWAY_KEY_FILE to a file that contains it.

            Exit codes: 0 when all services stopped, 1 when one had to be killed, 2 for an invalid flag, file or address.
            """)

    @OptionGroup var options: ServiceOptions
    @OptionGroup var stores: StoreOptions
    @OptionGroup var webUI: WebUIOptions
    @OptionGroup var programs: BinaryDirectoryOptions

    @Option(help: "Configuration file of the gateway. Default: no gateway is started. [UNLADEN_GATEWAY_CONFIG, MLFLOW_GATEWAY_CONFIG]")
    var gatewayConfig: String?

    func run() async throws {
        let configuration = gatewayConfig ?? Environment["UNLADEN_GATEWAY_CONFIG", "MLFLOW_GATEWAY_CONFIG"]
        let definitions = ServiceDefinition.suite + (configuration.map { [.gateway(configuration: $0)] } ?? [])
        throw ExitCode(
            try await runSuite(
                definitions, options: options, stores: StoreLocations(stores), webUI: webUI, binaryDirectory: programs.path))
    }
}
