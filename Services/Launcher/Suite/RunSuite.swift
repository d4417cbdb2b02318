internal import Foundation
internal import Logging
package import ServiceKit

/// Runs the suite in this process's name until it is told to stop: all that `unladen up` does.
///
/// - Parameters:
///   - webUI: where the web UI's files are, and below which path the tracking service serves everything as well.
///   - programFolder: the folder of the services' executables.
///   - entries: the services to run.
/// - Returns: the exit code.
/// - Throws: `ConfigurationError` for anything that keeps the suite from starting at all.
package func runSuite(
    _ entries: [ServiceEntry] = ServiceEntry.suite, options: ServiceOptions, stores: StoreLocations,
    webUI: WebUIOptions, programFolder: String
) async throws -> Int32 {
    // Mistakes in flags show before anything starts.
    let page = try WebUIPage(webUI, programFolder: programFolder)
    try stores.folder.create()
    let lock = try stores.folder.lock()
    defer { withExtendedLifetime(lock) {} }
    let console = Console(
        names: ["unladen"] + entries.map(\.name), format: options.logFormat, isColoured: Terminal.errorIsColoured)
    let logger = Logger(service: "unladen", level: options.logLevel.level, format: options.logFormat) { line in
        console.line(line, from: "unladen")
    }
    let choice = try await Ports.choose(for: entries, host: options.host, port: options.port(default: 5000))
    for remark in choice.remarks { logger.notice("\(remark)") }
    let plan = SuitePlan(
        entries: entries, ports: choice.ports, options: options, stores: stores, programFolder: programFolder,
        webUIFlags: webUI.arguments)
    let programs = try entries.map { try plan.program(for: $0) }

    let stateFile = StateFile(in: stores.folder)
    defer { stateFile.remove() }
    let state = SuiteState(
        launcher: getpid(), version: unladenVersion, startedAt: Date(),
        services: entries.map { ServiceState(name: $0.name, url: plan.url(of: $0.name)) })
    let board = StateBoard(state, file: stateFile, logger: logger)
    let surroundings = SupervisedService.Surroundings(board: board, console: console, logger: logger)
    let services = zip(entries, programs).map { entry, program in
        SupervisedService(name: entry.name, program: program, url: plan.url(of: entry.name), surroundings: surroundings)
    }
    var limits = Supervisor.Limits()
    limits.grace = max(limits.grace, options.connections.drainTimeout.duration + Supervisor.Limits.graceAfterDraining)
    let stopping = [true, false].flatMap { first in zip(entries, services).filter { $0.0.stopsFirst == first }.map(\.1) }
    let supervisor = Supervisor(services: stopping, board: board, logger: logger, limits: limits)
    return await StopRequests.whileListening { stops in
        await supervisor.run(stops: stops) { announce(board.services, page: page, folder: stores.folder) }.exitCode
    }
}

/// Tells on stdout that the suite is ready: a line for scripts, which all our services begin with, and a table for people.
private func announce(_ services: [ServiceState], page: WebUIPage, folder: DataFolder) {
    var table = TextTable(["service", "address"])
    for service in services { table.add([service.name, service.url]) }
    if let url = services.first?.url, let row = page.row(trackingURL: url) { table.add(["web UI", row]) }
    table.add(["data", folder.path])
    print("listening on \(services.first?.url ?? "")\n\n\(table)\n")
    fflush(nil)
}

extension Supervisor.Outcome {
    var exitCode: Int32 {
        switch self {
        case .stopped: 0
        case .killed: 1
        case .misconfigured: 2
        }
    }
}

/// What the summary says of the web UI.
private struct WebUIPage {
    private let files: WebUIFiles
    private let prefix: PathPrefix?

    /// - Throws: `ConfigurationError` for a folder without the UI's files, or for what can't be a prefix.
    init(_ options: WebUIOptions, programFolder: String) throws {
        files = try options.files(executableFolder: programFolder)
        prefix = try options.prefix()
    }

    /// The address of the UI, or of the page that says how to get it; `nil` where it is switched off.
    func row(trackingURL: String) -> String? {
        let url = "\(trackingURL)\(prefix?.path ?? "")/"
        return switch files {
        case .folder: url
        case .missing: "not installed, see \(url)"
        case .off: nil
        }
    }
}
