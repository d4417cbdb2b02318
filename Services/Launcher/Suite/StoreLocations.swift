internal import SafeText
internal import ServiceKit

/// The locations of the suite's data.
package struct StoreLocations: Sendable {
    /// The directory for everything without another location.
    package let dataDirectory: DataDirectory
    /// The directory or `s3://` URI for artifacts.
    package let artifactsDestination: String
    private let allowedArtifactRoots: String?
    private let shared: String?
    private let own: [String: String]

    /// - Parameter own: URIs of separate databases by service name.
    /// - Throws: `ConfigurationError` for a database that the services can't share.
    package init(_ options: StoreOptions, own: [String: String] = [:]) throws {
        dataDirectory = DataDirectory(path: options.dataDir)
        artifactsDestination =
            options.artifactsDestination ?? Environment["UNLADEN_ARTIFACTS_DESTINATION", "MLFLOW_ARTIFACTS_DESTINATION"]
            ?? dataDirectory.file("artifacts")
        allowedArtifactRoots = options.allowedArtifactRoots ?? Environment["UNLADEN_ALLOWED_ARTIFACT_ROOTS"]
        shared = options.backendStoreUri ?? Environment["UNLADEN_BACKEND_STORE_URI", "MLFLOW_BACKEND_STORE_URI"]
        self.own = own
        if let shared, !shared.hasPrefix("postgres") {
            throw ConfigurationError(
                "--backend-store-uri must be a postgresql:// database, which the services share, not '\(shared.withoutCredentials)'. "
                    + "SQLite databases are created in --data-dir.")
        }
    }

    /// The tracking service's flags for the locations of artifacts.
    package var artifactFlags: [String] {
        ["--artifacts-destination", artifactsDestination] + (allowedArtifactRoots.map { ["--allowed-artifact-roots", $0] } ?? [])
    }

    /// Checks that the data directory exists if it contains a service's database.
    ///
    /// - Throws: `ConfigurationError` when the directory is required but doesn't exist.
    package func requireData(of service: String) throws {
        if own[service] == nil, shared == nil { try dataDirectory.requireExistence() }
    }

    /// The URI of a service's database. In a shared database, each service has its own tables.
    package func backendStoreURI(of service: String) -> String {
        own[service] ?? shared ?? "sqlite:///\(dataDirectory.file("\(service).db"))"
    }
}
