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

    /// - Throws: `ConfigurationError` for what is no place for artifacts.
    func open(logger: Logger) throws -> ArtifactStores {
        do {
            return ArtifactStores(standard: try Self.open(artifactsDestination, logger: logger)) { uri in
                try Self.open(uri, logger: logger)
            }
        } catch {
            throw ConfigurationError("--artifacts-destination: \(error.message)")
        }
    }

    static func open(_ uri: String, logger: Logger) throws(ArtifactError) -> any ArtifactStore {
        try openArtifactStore(uri: uri, environment: ProcessInfo.processInfo.environment, logger: logger)
    }
}
