package import ArtifactStore
internal import Foundation
internal import Logging
internal import SafeText
internal import Synchronization
package import WireProtocol

/// Resolves artifact URIs to stores.
///
/// `mlflow-artifacts:` URIs, the default for experiments, are in the store that the service was started with. For an S3 location
/// named by an experiment, the service uses its own credentials only below the roots that the operator allows; clients can access
/// any other location with their own credentials. Local directories named by a client are rejected, because they would let it read
/// any file on the server.
package final class ArtifactStoreResolver: Sendable {
    /// A location in a store.
    struct Location: Sendable {
        var store: any ArtifactStore
        var path: ArtifactPath
    }

    /// The store that the service was started with.
    package let defaultStore: any ArtifactStore
    private let roots: ArtifactRoots
    private let open: @Sendable (_ uri: String) throws -> any ArtifactStore
    private let bucketStores = Mutex([String: any ArtifactStore]())

    /// Creates a resolver, which opens the stores of buckets on first use.
    ///
    /// - Parameters:
    ///   - roots: the S3 locations where the service may use its own credentials.
    ///   - open: opens the store of a bucket (`s3://NAME`).
    package init(
        defaultStore: any ArtifactStore, roots: ArtifactRoots, open: @escaping @Sendable (_ uri: String) throws -> any ArtifactStore
    ) {
        self.defaultStore = defaultStore
        self.roots = roots
        self.open = open
    }

    /// Returns the location of an artifact URI, such as a run's.
    ///
    /// - Throws: `ServiceError` with `PERMISSION_DENIED` for an S3 location that isn't below the roots, and with
    ///   `NOT_IMPLEMENTED` for a scheme that isn't supported.
    func resolve(_ uri: String) throws -> Location {
        if Self.isProxied(uri) { return Location(store: defaultStore, path: try ArtifactPath(Self.proxiedPath(of: uri))) }
        guard ArtifactLocation.isS3(uri) else {
            throw ServiceError(
                .notImplemented,
                "This server doesn't store the artifacts at '\(Redaction.standard.redacted(uri))'. It serves mlflow-artifacts: and s3:"
                    + " locations.")
        }
        guard let location = ArtifactLocation(uri), roots.contains(location) else {
            throw ServiceError(
                .permissionDenied,
                "The server doesn't access the artifacts at '\(Redaction.standard.redacted(uri))' with its own credentials, because they"
                    + " are not below --artifacts-destination or one of --allowed-artifact-roots.")
        }
        let store = try bucketStores.withLock { bucketStores in
            if let store = bucketStores[location.bucketURI] { return store }
            let store = try open(location.bucketURI)
            bucketStores[location.bucketURI] = store
            return store
        }
        return Location(store: store, path: location.path)
    }

    /// Whether clients can reach the artifacts at `uri` only through this service.
    static func isProxied(_ uri: String) -> Bool {
        uri.hasPrefix("mlflow-artifacts:") || uri.hasPrefix("http://") || uri.hasPrefix("https://")
    }

    /// The path in the default store: `1/run` for `mlflow-artifacts:/1/run`, `mlflow-artifacts://host/1/run` and
    /// `http://host/api/2.0/mlflow-artifacts/artifacts/1/run`.
    private static func proxiedPath(of uri: String) -> String {
        let anchor = "/api/2.0/mlflow-artifacts/artifacts/"
        if let range = uri.firstRange(of: anchor) { return String(uri[range.upperBound...]) }
        var path = uri.drop { $0 != ":" }.dropFirst()
        if path.hasPrefix("//") { path = path.dropFirst(2).drop { $0 != "/" } }
        return String(path.drop { $0 == "/" })
    }

    /// Checks that the default store is reachable.
    ///
    /// - Throws: `ArtifactError` if it isn't.
    package func checkReachable() async throws { try await defaultStore.checkReachable() }

    /// Shuts down all stores, ignoring errors.
    package func shutdown() async {
        for store in bucketStores.withLock({ Array($0.values) }) + [defaultStore] { try? await store.shutdown() }
    }
}

extension ArtifactError: ServiceErrorConvertible {
    package var serviceError: ServiceError {
        switch code {
        case .notFound: ServiceError(.resourceDoesNotExist, "\(message)", cause: cause)
        case .isDirectory, .invalidPath, .invalidArgument, .invalidRange:
            ServiceError(.invalidParameterValue, "\(message)", cause: cause)
        case .unsupported: ServiceError(.notImplemented, "\(message)", cause: cause)
        case .outOfSpace, .unavailable, .permissionDenied: .unavailable("\(message)", cause: self)
        }
    }
}
