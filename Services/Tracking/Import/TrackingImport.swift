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
}
