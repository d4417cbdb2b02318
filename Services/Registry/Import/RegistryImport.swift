package import Database
package import MLflowImport
package import ServiceKit

/// Imports the registry of an MLflow server.
package enum RegistryImport {
    /// Imports registered models, versions, tags and aliases. Safe to repeat after an interruption.
    ///
    /// - Parameters:
    ///   - database: our database, already migrated.
    ///   - relocation: the root that artifacts are copied from; `nil` if they stay where they are.
    /// - Returns: rows in the source and rows imported, per table.
    package static func run(
        from source: MLflowSource, to database: any Database, relocation: ArtifactRelocation?, events: TaskEventWriter
    ) async throws -> ImportCounts {
        // Parents come before their children.
        try await MLflowImporter(from: source, to: database, relocation: relocation, events: events).run([
            ImportedRegisteredModel.self, ImportedRegisteredModelTag.self, ImportedModelVersion.self, ImportedModelVersionTag.self,
            ImportedRegisteredModelAlias.self,
        ])
    }
}
