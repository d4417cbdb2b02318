internal import ArgumentParser
internal import ArtifactStore
internal import Database
internal import Foundation
internal import Logging
internal import MLflowImport
internal import ServiceKit
internal import Tracking

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-mlflow",
        abstract: "Take over what an MLflow server (2.x or 3.x) has tracked.",
        discussion: """
            Reads MLflow's database, which stays as it is, and writes to --backend-store-uri. Can be interrupted and run again. \
            Tells its progress on stdout as lines of JSON; exits with 1 when something is missing at the end.
            """)

    @Option(help: "MLflow's database: sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME. [UNLADEN_IMPORT_FROM]")
    var from: String?

    @Option(
        help: """
            DIR or s3://BUCKET/PREFIX with MLflow's artifacts: copies them to --artifacts-destination. Without it, artifacts stay \
            where they are.
            """)
    var artifacts: String?

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var destination: ArtifactOptions

    func run() async throws {
        let logger = Logger(service: "unladen-tracking", level: .warning, format: .text)
        let source = try MLflowSource(flag: from)
        let stores = try destination.open(logger: logger)
        let copied = try artifacts.map { try Self.source($0, logger: logger) }
        if let artifacts, ArtifactRelocation(from: artifacts).isInside(destination.artifactsDestination) {
            throw ConfigurationError("--artifacts: \(artifacts) holds --artifacts-destination, so it would be copied into itself")
        }
        let database = try database.open(default: ServeCommand.databaseFile)
        try await Tracking.migrate(database)
        let copier = copied.map { ArtifactCopier(from: $0.store, root: $0.uri, to: stores.defaultStore) }
        let counts = try await TrackingImport.run(from: source, to: database, artifacts: copier, events: .standardOutput)
        counts.report(to: .standardOutput)
        await source.close()
        await database.close()
        await stores.shutdown()
        try await copied?.store.shutdown()
        if let incomplete = IncompleteImport(counts) { throw incomplete }
    }

    /// The store that is to be copied. It must be there: a folder isn't made.
    private static func source(_ uri: String, logger: Logger) throws -> (uri: String, store: any ArtifactStore) {
        let path = uri.hasPrefix("file:") ? URL(string: uri)?.path ?? uri : uri
        guard uri.hasPrefix("s3://") || FileManager.default.fileExists(atPath: path) else {
            throw ConfigurationError("--artifacts: there is no folder '\(path)'")
        }
        do {
            return (uri, try ArtifactOptions.open(uri, logger: logger))
        } catch {
            throw ConfigurationError("--artifacts: \(error.message)")
        }
    }
}
