internal import ArgumentParser
internal import Database
internal import MLflowImport
internal import Registry
internal import ServiceDatabase
internal import ServiceKit

/// `unladen-registry import-mlflow`.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-mlflow",
        abstract: "Import the registry of an MLflow server (2.x or 3.x).",
        discussion: """
            Reads MLflow's database without changing it and writes to --backend-store-uri. You can interrupt the import and run it \
            again. Reports progress to stdout as JSON lines. Exits with code 1 if anything is missing at the end.
            """)

    @Option(help: "MLflow's database: sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME. [UNLADEN_IMPORT_FROM]")
    var from: String?

    @Option(help: "Source of MLflow's artifacts (DIR or s3://BUCKET/PREFIX), if the tracking service copies them.")
    var artifacts: String?

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let source = try MLflowSource(flag: from)
        let database = try database.open(default: ServeCommand.databaseFile)
        let counts = try await withCleanup {
            try await source.check()
            try await Registry.migrate(database)
            return try await RegistryImport.run(
                from: source, to: database, relocation: artifacts.map(ArtifactRelocation.init), events: .standardOutput)
        } cleanup: {
            await source.close()
            await database.close()
        }
        counts.report(to: .standardOutput)
        if let incomplete = IncompleteImport(counts) { throw incomplete }
    }
}
