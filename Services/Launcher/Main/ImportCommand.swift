internal import ArgumentParser
internal import Launcher
internal import ServiceKit

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Import the data of another system.", subcommands: [ImportMLflowCommand.self])
}

struct ImportMLflowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mlflow",
        abstract: "Import the data of an MLflow server, which must not be modified during the import.",
        discussion: """
            Import into a data directory without data of its own, because experiments keep their IDs. Stop its suite first. \
            Traces, evaluation datasets, scorers and webhooks aren't imported yet. Prints a table of row counts at the end. The exit \
            code is 1 when a count differs from the source.
            """)

    @Option(help: "URI of MLflow's database: sqlite:///mlflow.db or postgresql://USER:PASSWORD@HOST:PORT/NAME. [UNLADEN_IMPORT_FROM]")
    var from: String?

    @Option(help: "Root of MLflow's artifacts to copy: DIR or s3://BUCKET/PREFIX. Default: artifacts are not copied.")
    var artifacts: String?

    @OptionGroup var stores: StoreOptions

    @Option(help: "Database URI of the tracking service, if it isn't in the data directory.")
    var trackingBackendStoreUri: String?

    @Option(help: "Database URI of the registry, if it isn't in the data directory.")
    var registryBackendStoreUri: String?

    @OptionGroup var programs: BinaryDirectoryOptions

    func run() async throws {
        var own: [String: String] = [:]
        own["tracking"] = trackingBackendStoreUri
        own["registry"] = registryBackendStoreUri
        guard let from = from ?? Environment["UNLADEN_IMPORT_FROM"] else {
            throw ConfigurationError("--from is required: the URI of MLflow's database.")
        }
        let mlflowImport = MLflowImportTask(
            source: from, artifacts: artifacts, stores: try StoreLocations(stores, own: own), binaryDirectory: programs.path)
        throw ExitCode(try await mlflowImport.run())
    }
}
