internal import Foundation
internal import Logging
internal import ProcessKit
internal import SafeText
package import ServiceKit

/// Runs the suite until it is stopped: the implementation of `unladen up`.
///
/// - Parameters:
///   - webUI: the location of the web UI's files and the path prefix of the tracking service.
///   - binaryDirectory: the directory of the services' executables.
///   - definitions: the services to run.
/// - Returns: the exit code.
/// - Throws: `ConfigurationError` when the suite can't start.
package func runSuite(
    _ definitions: [ServiceDefinition] = ServiceDefinition.suite, options: ServiceOptions, stores: StoreLocations,
    webUI: WebUIOptions, binaryDirectory: String
) async throws -> Int32 {
    // Validate all flags before starting anything.
    let page = try WebUIPage(webUI, binaryDirectory: binaryDirectory)
    try stores.dataDirectory.create()
    let lock = try stores.dataDirectory.lock()
    defer { withExtendedLifetime(lock) {} }
    let console = Console(
        names: ["unladen"] + definitions.map(\.name), format: options.logFormat, isColored: Terminal.errorIsColored)
    let logger = Logger(service: "unladen", level: options.logLevel.level, format: options.logFormat) { line in
        console.line(line, from: "unladen")
    }
    let allocation = try await PortAllocator.allocate(for: definitions, host: options.host, port: options.port(default: 5000))
    for warning in allocation.warnings { logger.notice("\(warning)") }
    let plan = SuitePlan(
        definitions: definitions, ports: allocation.ports, options: options, stores: stores, binaryDirectory: binaryDirectory,
        webUIFlags: webUI.arguments)
    let programs = try definitions.map { try plan.program(for: $0) }

    let stateFile = StateFile(in: stores.dataDirectory)
    defer { stateFile.remove() }
    let state = SuiteState(
        launcher: getpid(), version: unladenVersion, startedAt: Date(),
        services: definitions.map { ServiceState(name: $0.name, url: plan.url(of: $0.name)) })
    let stateStore = SuiteStateStore(state, file: stateFile, logger: logger)
    let dependencies = SupervisedService.Dependencies(stateStore: stateStore, console: console, logger: logger)
    let services = zip(definitions, programs).map { definition, program in
        SupervisedService(name: definition.name, program: program, url: plan.url(of: definition.name), dependencies: dependencies)
    }
    var timeouts = Supervisor.Timeouts()
    timeouts.grace = max(timeouts.grace, options.connections.drainTimeout.duration + Supervisor.Timeouts.graceAfterDraining)
    let stopping = [true, false].flatMap { first in zip(definitions, services).filter { $0.0.stopsFirst == first }.map(\.1) }
    let supervisor = Supervisor(services: stopping, stateStore: stateStore, logger: logger, timeouts: timeouts)
    return await ShutdownRequests.whileListening { shutdown in
        await supervisor.run(shutdown: shutdown) {
            announce(stateStore.services, page: page, directory: stores.dataDirectory)
        }.exitCode
    }
}

/// Prints to stdout that the suite is ready: the line that all our services print first, for scripts, and a table for people.
private func announce(_ services: [ServiceState], page: WebUIPage, directory: DataDirectory) {
    var table = TextTable(["service", "address"])
    for service in services { table.add([service.name, service.url]) }
    if let url = services.first?.url, let row = page.row(trackingURL: url) { table.add(["web UI", row]) }
    table.add(["data", directory.path])
    print("listening on \(services.first?.url ?? "")\n\n\(table)\n")
    fflush(nil)
}

extension Supervisor.Outcome {
    var exitCode: Int32 {
        switch self {
        case .stopped: 0
        case .killed: 1
        case .misconfigured: Executable.misconfigured
        }
    }
}

/// The web UI's row in the summary.
private struct WebUIPage {
    private let files: WebUIFiles
    private let prefix: PathPrefix?

    /// - Throws: `ConfigurationError` for a directory without the UI's files or an invalid prefix.
    init(_ options: WebUIOptions, binaryDirectory: String) throws {
        files = try options.files(executableDirectory: binaryDirectory)
        prefix = try options.prefix()
    }

    /// The address of the UI, or of the page with installation instructions; `nil` when the UI is disabled.
    func row(trackingURL: String) -> String? {
        let url = "\(trackingURL)\(prefix?.path ?? "")/"
        return switch files {
        case .directory: url
        case .missing: "not installed, see \(url)"
        case .off: nil
        }
    }
}
