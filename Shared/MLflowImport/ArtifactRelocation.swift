internal import Foundation

/// Maps the URIs of artifacts that were copied from a directory or bucket into our store to their new `mlflow-artifacts:/` URIs.
package struct ArtifactRelocation: Sendable {
    /// An absolute path or `s3://BUCKET/PREFIX`, without a trailing slash.
    let root: String

    /// - Parameter root: the root of MLflow's artifacts: the path of a directory, `file:///PATH` or `s3://BUCKET/PREFIX`.
    package init(from root: String) {
        self.root = Self.normalized(root) ?? root
    }

    /// The new URI of an artifact at `uri`. A URI outside the root is returned unchanged, as are `mlflow-artifacts:` and `runs:` URIs,
    /// which are valid in both servers.
    package func callAsFunction(_ uri: String) -> String {
        guard let location = Self.normalized(uri) else { return uri }
        if location == root { return "mlflow-artifacts:/" }
        return location.hasPrefix(root + "/") ? "mlflow-artifacts:" + location.dropFirst(root.count) : uri
    }

    /// Whether a directory or bucket is inside the root and isn't the root itself.
    package func isInside(_ uri: String) -> Bool {
        Self.normalized(uri).map { Self.real($0).hasPrefix(Self.real(root) + "/") } ?? false
    }

    /// The path with symbolic links resolved; a bucket's URI unchanged.
    private static func real(_ location: String) -> String {
        location.hasPrefix("/") ? URL(fileURLWithPath: location).resolvingSymlinksInPath().path : location
    }

    /// Returns `nil` if the URI is neither a path nor a bucket.
    private static func normalized(_ uri: String) -> String? {
        if uri.hasPrefix("s3://") { return withoutSlash(uri) }
        if uri.hasPrefix("file:") { return URL(string: uri).map { withoutSlash($0.standardizedFileURL.path) } }
        guard !uri.isEmpty, !uri.contains(":") else { return nil }
        return withoutSlash(URL(fileURLWithPath: uri).standardizedFileURL.path)
    }

    private static func withoutSlash(_ text: String) -> String {
        text.count > 1 && text.hasSuffix("/") ? withoutSlash(String(text.dropLast())) : text
    }
}
