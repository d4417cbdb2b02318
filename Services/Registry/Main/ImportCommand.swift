internal import ArgumentParser
internal import Database
internal import MLflowImport
internal import Registry
internal import ServiceKit

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-mlflow",
        abstract: "Take over the registry of an MLflow server (2.x or 3.x).",
        discussion: """
            Reads MLflow's database, which stays as it is, and writes to --backend-store-uri. Can be interrupted and run again. \
            Tells its progress on stdout as lines of JSON; exits with 1 when something is missing at the end.
            """)

    @Option(help: "MLflow's database: sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME. [UNLADEN_IMPORT_FROM]")
    var from: String?

    @Option(help: "DIR or s3://BUCKET/PREFIX with MLflow's artifacts, if the tracking service copies them.")
    var artifacts: String?

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let source = try MLflowSource(flag: from)
        let database = try database.open(default: ServeCommand.databaseFile)
        try await Registry.migrate(database)
        let counts = try await RegistryImport.run(
            from: source, to: database, relocation: artifacts.map(ArtifactRelocation.init), events: .standardOutput)
        counts.report(to: .standardOutput)
        await source.close()
        await database.close()
        if let incomplete = IncompleteImport(counts) { throw incomplete }
    }
}
