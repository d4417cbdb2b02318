
/// Takes over the data of an MLflow server: each service imports what belongs to it, then the counts are compared.
package struct MLflowImportTask: Sendable {
    /// MLflow's database, as an SQLAlchemy URI.
    package var source: String
    /// The folder or bucket of MLflow's artifacts; they are not copied without one.
    package var artifacts: String?
    package var stores: StoreLocations
    package var binaryDirectory: String

    package init(source: String, artifacts: String?, stores: StoreLocations, binaryDirectory: String) {
        self.source = source
        self.artifacts = artifacts
        self.stores = stores
        self.binaryDirectory = binaryDirectory
    }

    /// The services' parts, in the order in which they are run.
    package var tasks: [ServiceTask] {
        let artifactFlags = artifacts.map { ["--artifacts", $0] } ?? []
        return [
            task(of: "tracking", artifactFlags + stores.artifactFlags),
            task(of: "registry", artifactFlags),
        ]
    }

    private func task(of service: String, _ flags: [String]) -> ServiceTask {
        ServiceTask(
            service: service, arguments: ["import-mlflow"] + flags, stores: stores, binaryDirectory: binaryDirectory,
            environment: ["UNLADEN_IMPORT_FROM": source])
    }

    /// Imports, and prints how many rows of each table there were and are.
    ///
    /// - Returns: the exit code, 1 when a count differs.
    package func run(reporter: any TaskReporter = ProgressPrinter()) async throws -> Int32 {
        try stores.dataDirectory.create()
        let lock = try stores.dataDirectory.lock()
        defer { withExtendedLifetime(lock) {} }
        let result = try await ServiceTask.run(tasks, reporter: reporter)
        print(Self.table(of: result))
        return result.isComplete && result.counts.allSatisfy { $0.source == $0.imported } ? 0 : 1
    }

    static func table(of result: TaskResult) -> TextTable {
        var table = TextTable(["table", "source", "here", ""], rightAligned: [1, 2])
        for count in result.counts {
            table.add([
                count.table, String(count.source), String(count.imported), count.source == count.imported ? "" : "differs",
            ])
        }
        return table
    }
}
