internal import ArgumentParser
internal import ArtifactStore
internal import Foundation
internal import Logging
internal import SafeText
internal import ServiceKit
internal import Tracking

/// Options for artifact storage.
struct ArtifactOptions: ParsableArguments {
    @Option(
        help: "Where to store artifacts: DIR or s3://BUCKET/PREFIX. [UNLADEN_ARTIFACTS_DESTINATION, MLFLOW_ARTIFACTS_DESTINATION]"
    )
    var artifactsDestination: String =
        Environment["UNLADEN_ARTIFACTS_DESTINATION", "MLFLOW_ARTIFACTS_DESTINATION"] ?? "./mlartifacts"

    @Option(
        help: """
            Comma-separated locations (s3://BUCKET/PREFIX), besides --artifacts-destination, that experiments may name and where \
            the server reads, writes and removes artifacts and signs URLs with its own credentials. [UNLADEN_ALLOWED_ARTIFACT_ROOTS]
            """)
    var allowedArtifactRoots: String = Environment["UNLADEN_ALLOWED_ARTIFACT_ROOTS"] ?? ""

    /// Opens the default store.
    ///
    /// - Throws: `ConfigurationError` for an invalid destination or root.
    func open(logger: Logger) throws -> ArtifactStoreResolver {
        let defaultStore: any ArtifactStore
        do {
            defaultStore = try Self.open(artifactsDestination, logger: logger)
        } catch {
            throw ConfigurationError("--artifacts-destination: \(error.message)")
        }
        let uris = allowedArtifactRoots.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        if let uri = uris.first(where: { !ArtifactLocation.isS3($0) }) {
            throw ConfigurationError("--allowed-artifact-roots: '\(uri.withoutCredentials)' must be a location s3://BUCKET/PREFIX.")
        }
        do {
            let roots = try ArtifactRoots(uris + [artifactsDestination])
            return ArtifactStoreResolver(defaultStore: defaultStore, roots: roots) { uri in try Self.open(uri, logger: logger) }
        } catch {
            throw ConfigurationError("--allowed-artifact-roots: \(error.message)")
        }
    }

    static func open(_ uri: String, logger: Logger) throws(ArtifactError) -> any ArtifactStore {
        try openArtifactStore(uri: uri, environment: Environment.current.variables, logger: logger)
    }
}
