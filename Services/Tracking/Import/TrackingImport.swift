package import Database
package import MLflowImport
package import ServiceKit

/// Imports the tracking data of an MLflow server.
package enum TrackingImport {
    /// Imports experiments, runs, logged data, datasets and logged models, and copies artifacts. Safe to repeat after an
    /// interruption.
    ///
    /// - Parameters:
    ///   - database: our database, already migrated.
    ///   - artifacts: copies the artifacts; `nil` leaves them where they are.
    /// - Returns: rows in the source and rows imported, per table, and the same for artifact files.
    package static func run(
        from source: MLflowSource, to database: any Database, artifacts: ArtifactCopier?, events: TaskEventWriter
    ) async throws -> ImportCounts {
        try await reportUnsupported(in: source, to: events)
        let rows = MLflowImporter(from: source, to: database, relocation: artifacts?.relocation, events: events)
        // Parents come before their children.
        var counts = try await rows.run([
            ImportedExperiment.self, ImportedExperimentTag.self, ImportedRun.self, ImportedParam.self, ImportedTag.self,
            ImportedMetric.self, ImportedDataset.self, ImportedDatasetInput.self, ImportedInputTag.self,
            ImportedLoggedModel.self, ImportedLoggedModelParam.self, ImportedLoggedModelTag.self,
            ImportedLoggedModelMetric.self, ImportedModelInput.self, ImportedModelOutput.self,
        ])
        if let artifacts { counts.tables.append(try await artifacts.run(events: events)) }
        return counts
    }

    /// The tables that aren't imported yet.
    private static let unsupported: [(table: StaticString, contents: String)] = [
        ("trace_info", "traces"), ("evaluation_datasets", "evaluation datasets"), ("scorers", "scorers"), ("webhooks", "webhooks"),
    ]

    /// Tells the user what stays behind.
    private static func reportUnsupported(in source: MLflowSource, to events: TaskEventWriter) async throws {
        var remaining: [String] = []
        for (table, contents) in unsupported {
            let count = try await source.rowCount(of: table)
            if count > 0 { remaining.append("\(contents) (\(count))") }
        }
        if !remaining.isEmpty { events.message("Not imported: \(remaining.joined(separator: ", "))") }
    }
}
