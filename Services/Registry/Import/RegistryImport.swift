package import Database
package import MLflowImport
package import ServiceKit

/// Takes over the registry of an MLflow server.
package enum RegistryImport {
    /// - Parameters:
    ///   - database: ours, whose schema is up to date.
    ///   - relocation: where artifacts are copied from, `nil` if they stay where they are.
    package static func run(
        from source: MLflowSource, to database: any Database, relocation: ArtifactRelocation?, events: TaskEventWriter
    ) async throws -> ImportCounts {
        // What belongs to something comes behind it.
        try await MLflowImporter(from: source, to: database, relocation: relocation, events: events).run([
            ImportedRegisteredModel.self, ImportedRegisteredModelTag.self, ImportedModelVersion.self, ImportedModelVersionTag.self,
            ImportedRegisteredModelAlias.self,
        ])
    }
}
