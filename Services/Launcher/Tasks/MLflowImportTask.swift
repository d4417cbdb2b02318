internal import SafeText

/// Imports the data of an MLflow server: each service imports its part, then the row counts are compared.
package struct MLflowImportTask: Sendable {
    /// The SQLAlchemy URI of MLflow's database.
    package var source: String
    /// The directory or bucket of MLflow's artifacts; `nil` if they aren't copied.
    package var artifacts: String?
    package var stores: StoreLocations
    package var binaryDirectory: String

    package init(source: String, artifacts: String?, stores: StoreLocations, binaryDirectory: String) {
        self.source = source
        self.artifacts = artifacts
        self.stores = stores
        self.binaryDirectory = binaryDirectory
    }

    /// The tasks of the services, in the order in which they run.
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

    /// Runs the import and prints the number of rows of each table in the source and here.
    ///
    /// - Returns: the exit code: 1 when a count differs, otherwise 0.
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
