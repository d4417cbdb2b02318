package import Database
package import MLflowImport
package import ServiceKit

/// Takes over the registry of an MLflow server.
package enum RegistryImport {
    /// - Parameters:
    ///   - database: ours, whose schema is up to date.
    ///   - move: where artifacts are copied from, `nil` if they stay where they are.
    package static func run(from source: MLflowSource, to database: any Database, move: ArtifactMove?, events: TaskEvents)
        async throws -> ImportCounts
    {
        // What belongs to something comes behind it.
        try await MLflowImport(from: source, to: database, move: move, events: events).run([
            ImportedModel.self, ImportedModelTag.self, ImportedVersion.self, ImportedVersionTag.self, ImportedAlias.self,
        ])
    }
}
