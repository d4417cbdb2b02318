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
        abstract: "Runs and looks after a suite of Unladen's services on one machine.",
        discussion: """
            `unladen up` starts everything over one data folder; point a client at it with
              export MLFLOW_TRACKING_URI=http://127.0.0.1:5000

            Exit codes: 0 done, 1 something failed or is down, 2 a wrong flag, file or address.
            """,
        version: unladenVersion,
        subcommands: [UpCommand.self, StatusCommand.self, ImportCommand.self, GarbageCollectCommand.self, GatewayCommand.self])
}
