package import ArgumentParser
internal import ServiceKit

/// The flags for the locations of the suite's data.
package struct StoreOptions: ParsableArguments, Sendable {
    @Option(help: "Directory for the suite's data: databases, artifacts, lock and state. [UNLADEN_DATA_DIR]")
    package var dataDir: String = Self.defaultDataDir

    @Option(
        help: """
            URI of a database for all services: postgresql://USER:PASSWORD@HOST:PORT/NAME. Default: one SQLite file per service in the \
            data directory. [UNLADEN_BACKEND_STORE_URI, MLFLOW_BACKEND_STORE_URI]
            """)
    package var backendStoreUri: String?

    @Option(
        help: """
            Location for artifacts: DIR or s3://BUCKET/PREFIX. Default: the directory `artifacts` in the data directory. \
            [UNLADEN_ARTIFACTS_DESTINATION, MLFLOW_ARTIFACTS_DESTINATION]
            """)
    package var artifactsDestination: String?

    @Option(
        help: """
            Comma-separated list of additional locations, s3://BUCKET/PREFIX, where the suite may read, write, delete and sign URLs \
            for the artifacts of experiments. [UNLADEN_ALLOWED_ARTIFACT_ROOTS]
            """)
    package var allowedArtifactRoots: String?

    package init() {}

    /// The directory from `UNLADEN_DATA_DIR`, or `./unladen-data`.
    package static var defaultDataDir: String { Environment["UNLADEN_DATA_DIR"] ?? "./unladen-data" }
}
