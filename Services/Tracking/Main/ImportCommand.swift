internal import ArgumentParser
internal import ArtifactStore
internal import Database
internal import Foundation
internal import Logging
internal import MLflowImport
internal import ServiceDatabase
internal import ServiceKit
internal import Tracking

/// `unladen-tracking import-mlflow`.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-mlflow",
        abstract: "Import the tracking data of an MLflow server (2.x or 3.x).",
        discussion: """
            Reads MLflow's database without changing it and writes to --backend-store-uri. You can interrupt the import and run it \
            again. Traces, evaluation datasets, scorers and webhooks aren't imported yet. Reports progress to stdout as JSON lines. \
            Exits with code 1 if rows of the imported tables are missing at the end.
            """)

    @Option(help: "MLflow's database: sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME. [UNLADEN_IMPORT_FROM]")
    var from: String?

    @Option(
        help: """
            Source of MLflow's artifacts (DIR or s3://BUCKET/PREFIX), which are copied to --artifacts-destination. Without it, \
            artifacts stay where they are.
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
            throw ConfigurationError("--artifacts: \(artifacts) contains --artifacts-destination, so it would be copied into itself.")
        }
        let database = try database.open(default: ServeCommand.databaseFile)
        let counts = try await withCleanup {
            try await source.check()
            try await Tracking.migrate(database)
            let copier = copied.map { ArtifactCopier(from: $0.store, root: $0.uri, to: stores.defaultStore) }
            return try await TrackingImport.run(from: source, to: database, artifacts: copier, events: .standardOutput)
        } cleanup: {
            await source.close()
            await database.close()
            await stores.shutdown()
            // A failure doesn't matter: the process is about to exit.
            try? await copied?.store.shutdown()
        }
        counts.report(to: .standardOutput)
        if let incomplete = IncompleteImport(counts) { throw incomplete }
    }

    /// Opens the store to copy from. A directory must exist; it isn't created.
    private static func source(_ uri: String, logger: Logger) throws -> (uri: String, store: any ArtifactStore) {
        let path = uri.hasPrefix("file:") ? URL(string: uri)?.path ?? uri : uri
        guard uri.hasPrefix("s3://") || FileManager.default.fileExists(atPath: path) else {
            throw ConfigurationError("--artifacts: the directory '\(path)' doesn't exist.")
        }
        do {
            return (uri, try ArtifactOptions.open(uri, logger: logger))
        } catch {
            throw ConfigurationError("--artifacts: \(error.message)")
        }
    }
}
