package import Database
package import MLflowImport

/// Takes over the registry of an MLflow server.
package enum RegistryImport {
    /// - Parameter database: ours, whose schema is up to date.
    package static func run(from source: MLflowSource, to database: any Database, events: ImportEvents) async throws
        -> ImportCounts
    {
        // What belongs to something comes behind it.
        try await MLflowImport(from: source, to: database, events: events).run([
            ImportedModel.self, ImportedModelTag.self, ImportedVersion.self, ImportedVersionTag.self, ImportedAlias.self,
        ])
    }
}
