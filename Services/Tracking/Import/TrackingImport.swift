package import Database
package import MLflowImport
package import ServiceKit

/// Takes over what an MLflow server has tracked.
package enum TrackingImport {
    /// - Parameters:
    ///   - database: ours, whose schema is up to date.
    ///   - artifacts: which artifacts are to be copied; `nil` leaves them where they are.
    package static func run(
        from source: MLflowSource, to database: any Database, artifacts: ArtifactCopier?, events: TaskEventWriter
    ) async throws -> ImportCounts {
        let rows = MLflowImporter(from: source, to: database, relocation: artifacts?.relocation, events: events)
        // What belongs to something comes behind it.
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
