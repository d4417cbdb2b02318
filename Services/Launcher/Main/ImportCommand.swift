internal import ArgumentParser
internal import Launcher
internal import ServiceKit

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Takes over the data of another system.", subcommands: [ImportMLflowCommand.self])
}

struct ImportMLflowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mlflow",
        abstract: "Takes over the data of an MLflow server, which must not be written to meanwhile.",
        discussion: """
            The suite must not run on the data folder meanwhile. Ends with a table of counts; exit code 1 when a count \
            differs from the source's.
            """)

    @Option(help: "MLflow's database: sqlite:///mlflow.db or postgresql://USER:PASSWORD@HOST:PORT/NAME. [UNLADEN_IMPORT_FROM]")
    var from: String?

    @Option(help: "DIR or s3://BUCKET/PREFIX with MLflow's artifacts, which are copied.")
    var artifacts: String?

    @OptionGroup var stores: StoreOptions

    @Option(help: "The tracking service's database, if it isn't in the data folder.")
    var trackingBackendStoreUri: String?

    @Option(help: "The registry's database, if it isn't in the data folder.")
    var registryBackendStoreUri: String?

    @OptionGroup var programs: BinaryDirectoryOptions

    func run() async throws {
        var own: [String: String] = [:]
        own["tracking"] = trackingBackendStoreUri
        own["registry"] = registryBackendStoreUri
        guard let from = from ?? Environment["UNLADEN_IMPORT_FROM"] else { throw ConfigurationError("--from is missing: MLflow's database") }
        let mlflowImport = MLflowImportTask(
            source: from, artifacts: artifacts, stores: try StoreLocations(stores, own: own), binaryDirectory: programs.path)
        throw ExitCode(try await mlflowImport.run())
    }
}
