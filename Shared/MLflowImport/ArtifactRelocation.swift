internal import Foundation

/// Where artifacts are after they were copied from a folder or bucket into our store, which clients reach as
/// `mlflow-artifacts:/`.
package struct ArtifactRelocation: Sendable {
    /// An absolute path or `s3://BUCKET/PREFIX`, without a slash at its end.
    let root: String

    /// - Parameter root: the root of MLflow's artifacts: a folder's path, `file:///PATH` or `s3://BUCKET/PREFIX`.
    package init(from root: String) {
        self.root = Self.normalized(root) ?? root
    }

    /// The new location of what was at `uri`; `uri` itself if that wasn't under the root, as `mlflow-artifacts:` and `runs:`
    /// URIs never are: they say the same here as there.
    package func callAsFunction(_ uri: String) -> String {
        guard let location = Self.normalized(uri) else { return uri }
        if location == root { return "mlflow-artifacts:/" }
        return location.hasPrefix(root + "/") ? "mlflow-artifacts:" + location.dropFirst(root.count) : uri
    }

    /// Whether a folder or bucket lies within the root, and isn't the root itself.
    package func isInside(_ uri: String) -> Bool {
        Self.normalized(uri).map { Self.real($0).hasPrefix(Self.real(root) + "/") } ?? false
    }

    /// The path without symbolic links; a bucket's URI as it is.
    private static func real(_ location: String) -> String {
        location.hasPrefix("/") ? URL(fileURLWithPath: location).resolvingSymlinksInPath().path : location
    }

    /// `nil` for what is neither a path nor a bucket.
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
