internal import ArgumentParser
internal import Launcher
internal import ServiceKit

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tells which services run, and whether they are ready.",
        discussion: "Exit codes: 0 all are up and ready, 1 something is not.")

    @Option(help: "Folder of the suite's data. [UNLADEN_DATA_DIR]")
    var dataDir = StoreOptions.defaultDataDir

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let report = try await StatusReport.make(for: DataDirectory(path: dataDir))
        print(json ? try report.json : report.text)
        throw report.isHealthy ? ExitCode.success : ExitCode.failure
    }
}
