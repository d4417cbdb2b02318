package import ArgumentParser
internal import ServiceKit

/// The flags that say where the suite keeps its data.
package struct StoreOptions: ParsableArguments, Sendable {
    @Option(help: "Folder of the suite's data: databases, artifacts, lock and state. [UNLADEN_DATA_DIR]")
    package var dataDir: String = Self.defaultDataDir

    @Option(
        help: """
            postgresql://USER:PASSWORD@HOST:PORT/NAME, a database for all services; without it, each has an SQLite \
            file in the data folder. [UNLADEN_BACKEND_STORE_URI, MLFLOW_BACKEND_STORE_URI]
            """)
    package var backendStoreUri: String?

    @Option(
        help: """
            DIR or s3://BUCKET/PREFIX for artifacts; the folder `artifacts` in the data folder otherwise. \
            [UNLADEN_ARTIFACTS_DESTINATION, MLFLOW_ARTIFACTS_DESTINATION]
            """)
    package var artifactsDestination: String?

    @Option(
        help: """
            Where experiments may keep artifacts that the suite reads, writes, removes or signs URLs for, besides its own destination: \
            s3://BUCKET/PREFIX, separated by commas. [UNLADEN_ALLOWED_ARTIFACT_ROOTS]
            """)
    package var allowedArtifactRoots: String?

    package init() {}

    package static var defaultDataDir: String { Environment["UNLADEN_DATA_DIR"] ?? "./unladen-data" }
}
