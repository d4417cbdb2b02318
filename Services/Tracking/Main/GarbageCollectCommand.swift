internal import ArgumentParser
internal import Database
internal import Logging
internal import ServiceDatabase
internal import ServiceKit
internal import Tracking

/// `unladen-tracking gc`.
struct GarbageCollectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Permanently remove deleted experiments, runs and models with their artifacts.",
        discussion: """
            You can run this while the service is running. Reports progress to stdout as JSON lines. Exits with code 1 if artifacts \
            couldn't be removed.
            """)

    @Option(help: "Minimum time since deletion, such as 30d, 12h or 2d8h5m20s.")
    var olderThan: String

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var artifacts: ArtifactOptions

    func run() async throws {
        guard let age = Age(olderThan) else {
            throw ConfigurationError("--older-than must be a duration such as 30d, 12h or 2d8h5m20s, not '\(olderThan)'.")
        }
        let stores = try artifacts.open(logger: Logger(service: "unladen-tracking", level: .warning, format: .text))
        let database = try database.open(default: ServeCommand.databaseFile)
        let freed = try await withCleanup {
            try await Tracking.migrate(database)
            return try await GarbageCollector(database: database, artifacts: stores)
                .run(olderThan: age, events: .standardOutput, warn: StandardError.writeMessage)
        } cleanup: {
            await database.close()
            await stores.shutdown()
        }
        freed.report(to: .standardOutput)
        if let incomplete = IncompleteRemoval(freed) { throw incomplete }
    }
}
