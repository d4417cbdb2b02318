internal import ArgumentParser
internal import ArtifactStore
internal import Foundation
internal import Logging
internal import ServiceKit
internal import Tracking

/// Where artifacts are kept.
struct ArtifactOptions: ParsableArguments {
    @Option(
        help: "Where artifacts are kept: a folder or s3://BUCKET/PREFIX. [UNLADEN_ARTIFACTS_DESTINATION, MLFLOW_ARTIFACTS_DESTINATION]"
    )
    var artifactsDestination: String =
        Environment["UNLADEN_ARTIFACTS_DESTINATION"] ?? Environment["MLFLOW_ARTIFACTS_DESTINATION"] ?? "./mlartifacts"

    @Option(
        help: """
            Where clients' experiments may keep artifacts that the server reads, writes, removes or signs URLs for, besides its \
            destination: s3://BUCKET/PREFIX, separated by commas. [UNLADEN_ALLOWED_ARTIFACT_ROOTS]
            """)
    var allowedArtifactRoots: String = Environment["UNLADEN_ALLOWED_ARTIFACT_ROOTS"] ?? ""

    /// - Throws: `ConfigurationError` for what is no place for artifacts.
    func open(logger: Logger) throws -> ArtifactStoreResolver {
        let defaultStore: any ArtifactStore
        do {
            defaultStore = try Self.open(artifactsDestination, logger: logger)
        } catch {
            throw ConfigurationError("--artifacts-destination: \(error.message)")
        }
        do {
            let uris = allowedArtifactRoots.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            let roots = try ArtifactRoots(uris.filter { !$0.isEmpty } + [artifactsDestination])
            return ArtifactStoreResolver(defaultStore: defaultStore, roots: roots) { uri in try Self.open(uri, logger: logger) }
        } catch {
            throw ConfigurationError("--allowed-artifact-roots: \(error.message)")
        }
    }

    static func open(_ uri: String, logger: Logger) throws(ArtifactError) -> any ArtifactStore {
        try openArtifactStore(uri: uri, environment: ProcessInfo.processInfo.environment, logger: logger)
    }
}
