internal import ArgumentParser
internal import ServiceKit

@main
enum LauncherMain {
    static func main() async {
        await Executable.run(UnladenCommand.self)
    }
}

struct UnladenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unladen",
        abstract: "Run and manage a suite of Unladen services on one machine.",
        discussion: """
            `unladen up` starts all services with one data directory. Point a client at it with
              export MLFLOW_TRACKING_URI=http://127.0.0.1:5000

            Exit codes: 0 for success, 1 when something failed or is down, 2 for an invalid flag, file or address.
            """,
        version: unladenVersion,
        subcommands: [UpCommand.self, StatusCommand.self, ImportCommand.self, GarbageCollectCommand.self, GatewayCommand.self])
}
