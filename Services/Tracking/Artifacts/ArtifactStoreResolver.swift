package import ArtifactStore
internal import Foundation
internal import Logging
internal import SafeText
internal import Synchronization
package import WireProtocol

/// Finds the storage of an artifact URI.
///
/// `mlflow-artifacts:` URIs, which experiments have unless they name a location of their own, are in the store that the service
/// was started with. For a location in S3 that an experiment names, the service uses its own credentials only below the roots that its
/// operator allows; clients can use any other location with their own. Local folders that a client names are refused, because they would
/// let it read any file on the server.
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

    /// - Parameters:
    ///   - roots: the locations in S3 where the service may use its credentials.
    ///   - open: opens the store of a bucket (`s3://NAME`).
    package init(
        defaultStore: any ArtifactStore, roots: ArtifactRoots, open: @escaping @Sendable (_ uri: String) throws -> any ArtifactStore
    ) {
        self.defaultStore = defaultStore
        self.roots = roots
        self.open = open
    }

    /// The location of an artifact URI, such as a run's.
    ///
    /// - Throws: `ServiceError` with `PERMISSION_DENIED` for a location in S3 that isn't below the roots.
    func resolve(_ uri: String) throws -> Location {
        if Self.isProxied(uri) { return Location(store: defaultStore, path: try ArtifactPath(Self.proxiedPath(of: uri))) }
        guard ArtifactLocation.isS3(uri) else {
            throw ServiceError(
                .notImplemented,
                "The artifacts at '\(Redaction.standard.redacted(uri))' are not kept by this server. It serves mlflow-artifacts: and s3: locations.")
        }
        guard let location = ArtifactLocation(uri), roots.contains(location) else {
            throw ServiceError(
                .permissionDenied,
                "The server doesn't access the artifacts at '\(Redaction.standard.redacted(uri))' with its own credentials: they are not below"
                    + " --artifacts-destination or one of --allowed-artifact-roots.")
        }
        let store = try bucketStores.withLock { bucketStores in
            if let store = bucketStores[location.bucketURI] { return store }
            let store = try open(location.bucketURI)
            bucketStores[location.bucketURI] = store
            return store
        }
        return Location(store: store, path: location.path)
    }

    /// Whether clients reach the artifacts at `uri` through this service only.
    static func isProxied(_ uri: String) -> Bool {
        uri.hasPrefix("mlflow-artifacts:") || uri.hasPrefix("http://") || uri.hasPrefix("https://")
    }

    /// The path in the default store: `mlflow-artifacts:/1/run` and `mlflow-artifacts://host/1/run` are `1/run`, and so is
    /// `http://host/api/2.0/mlflow-artifacts/artifacts/1/run`.
    private static func proxiedPath(of uri: String) -> String {
        let anchor = "/api/2.0/mlflow-artifacts/artifacts/"
        if let range = uri.firstRange(of: anchor) { return String(uri[range.upperBound...]) }
        var path = uri.drop { $0 != ":" }.dropFirst()
        if path.hasPrefix("//") { path = path.dropFirst(2).drop { $0 != "/" } }
        return String(path.drop { $0 == "/" })
    }

    /// Throws unless the default store can be used now.
    package func checkReachable() async throws { try await defaultStore.checkReachable() }

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
