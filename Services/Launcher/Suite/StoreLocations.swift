internal import SafeText
internal import ServiceKit

/// Where each service of a suite keeps its data.
package struct StoreLocations: Sendable {
    package let dataDirectory: DataDirectory
    package let artifactsDestination: String
    private let allowedArtifactRoots: String?
    private let shared: String?
    private let own: [String: String]

    /// - Parameter own: URIs of databases by the names of the services that have one to themselves.
    /// - Throws: `ConfigurationError` for a database that the services can't share.
    package init(_ options: StoreOptions, own: [String: String] = [:]) throws {
        dataDirectory = DataDirectory(path: options.dataDir)
        artifactsDestination =
            options.artifactsDestination ?? Environment["UNLADEN_ARTIFACTS_DESTINATION"]
            ?? Environment["MLFLOW_ARTIFACTS_DESTINATION"] ?? dataDirectory.file("artifacts")
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
        if own[service] == nil, shared == nil { try dataDirectory.requireExistence() }
    }

    /// The URI of a service's database. In a shared one, each service has tables of its own.
    package func backendStoreURI(of service: String) -> String {
        own[service] ?? shared ?? "sqlite:///\(dataDirectory.file("\(service).db"))"
    }
}
