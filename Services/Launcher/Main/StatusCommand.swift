internal import ArgumentParser
internal import Launcher
internal import ServiceKit

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show which services are running and whether they are ready.",
        discussion: "The exit code is 0 when all services are up and ready, otherwise 1.")

    @Option(help: "Data directory of the suite. [UNLADEN_DATA_DIR]")
    var dataDir = StoreOptions.defaultDataDir

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let report = try await StatusReport.make(for: DataDirectory(path: dataDir))
        print(json ? try report.json : report.text)
        throw report.isHealthy ? ExitCode.success : ExitCode.failure
    }
}
