package import ArgumentParser
internal import Foundation
internal import SafeText
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

/// Where each service of a suite keeps its data.
package struct StoreLocations: Sendable {
    package let folder: DataFolder
    package let artifactsDestination: String
    private let allowedArtifactRoots: String?
    private let shared: String?
    private let own: [String: String]

    /// - Parameter own: URIs of databases by the names of the services that have one to themselves.
    /// - Throws: `ConfigurationError` for a database that the services can't share.
    package init(_ options: StoreOptions, own: [String: String] = [:]) throws {
        folder = DataFolder(path: options.dataDir)
        artifactsDestination =
            options.artifactsDestination ?? Environment["UNLADEN_ARTIFACTS_DESTINATION"]
            ?? Environment["MLFLOW_ARTIFACTS_DESTINATION"] ?? folder.file("artifacts")
        allowedArtifactRoots = options.allowedArtifactRoots ?? Environment["UNLADEN_ALLOWED_ARTIFACT_ROOTS"]
        shared =
            options.backendStoreUri ?? Environment["UNLADEN_BACKEND_STORE_URI"] ?? Environment["MLFLOW_BACKEND_STORE_URI"]
        self.own = own
        if let shared, !shared.hasPrefix("postgres") {
            throw ConfigurationError(
                "--backend-store-uri: services share a postgresql:// database only, not '\(shared.withoutCredentials)'; SQLite files "
                    + "are made in --data-dir")
        }
    }

    /// The flags that tell the tracking service where artifacts are.
    package var artifactFlags: [String] {
        ["--artifacts-destination", artifactsDestination] + (allowedArtifactRoots.map { ["--allowed-artifact-roots", $0] } ?? [])
    }

    /// - Throws: `ConfigurationError` when a service's database must be in the data folder, and there is no such folder.
    package func requireData(of service: String) throws {
        if own[service] == nil, shared == nil { try folder.requireExistence() }
    }

    /// The URI of a service's database. In a shared one, each service has tables of its own.
    package func backendStoreURI(of service: String) -> String {
        own[service] ?? shared ?? "sqlite:///\(folder.file("\(service).db"))"
    }
}
