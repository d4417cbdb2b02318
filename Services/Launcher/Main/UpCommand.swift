internal import ArgumentParser
internal import Launcher
internal import ServiceKit

struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Starts the suite and keeps it running until Ctrl-C or SIGTERM.",
        discussion: """
            Starts the tracking service on --port (5000), the registry on the next port and, with --gateway-config, the gateway on \
            the one after it; these two on a free one if theirs is taken. \
            When all are ready, stdout tells their addresses; stderr has the log of all. A service that dies is started \
            again. Ctrl-C stops the suite, waiting for what is under way for up to 30 s; Ctrl-C again kills it at once.

            A gateway that needs keys must know the tracking service's too, with which the UI's playground and prompt engineering call \
            it: set UNLADEN_GATEWAY_KEY, or UNLADEN_GATEWAY_KEY_FILE to a file that has it.

            Exit codes: 0 stopped, 1 something had to be killed, 2 a wrong flag, file or address.
            """)

    @OptionGroup var options: ServiceOptions
    @OptionGroup var stores: StoreOptions
    @OptionGroup var webUI: WebUIOptions
    @OptionGroup var programs: BinaryDirectoryOptions

    @Option(help: "The gateway's configuration file; without it there's no gateway. [UNLADEN_GATEWAY_CONFIG, MLFLOW_GATEWAY_CONFIG]")
    var gatewayConfig: String?

    func run() async throws {
        let configuration = gatewayConfig ?? Environment["UNLADEN_GATEWAY_CONFIG"] ?? Environment["MLFLOW_GATEWAY_CONFIG"]
        let definitions = ServiceDefinition.suite + (configuration.map { [.gateway(configuration: $0)] } ?? [])
        throw ExitCode(
            try await runSuite(
                definitions, options: options, stores: StoreLocations(stores), webUI: webUI, binaryDirectory: programs.path))
    }
}
