internal import ArgumentParser
internal import Database
internal import Logging
internal import ServiceKit
internal import Tracking

struct GarbageCollectionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove for good what was deleted long ago, with its artifacts.",
        discussion: """
            The service may run meanwhile. Tells its progress on stdout as lines of JSON; exits with 1 when artifacts couldn't be \
            removed.
            """)

    @Option(help: "Remove what was deleted at least this long ago, such as 30d, 12h or 2d8h5m20s.")
    var olderThan: String

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var artifacts: ArtifactOptions

    func run() async throws {
        guard let age = Age(olderThan) else {
            throw ConfigurationError("--older-than must be an age such as 30d, 12h or 2d8h5m20s, not '\(olderThan)'")
        }
        let stores = try artifacts.open(logger: Logger(service: "unladen-tracking", level: .warning, format: .text))
        let database = try database.open(default: ServeCommand.databaseFile)
        try await Tracking.migrate(database)
        let freed = try await GarbageCollector(database: database, artifacts: stores)
            .run(olderThan: age, events: .standardOutput, warn: StandardError.writeMessage)
        freed.report(to: .standardOutput)
        await database.close()
        await stores.shutdown()
        if let incomplete = IncompleteRemoval(freed) { throw incomplete }
    }
}
