/// URIs of artifacts.
enum ArtifactURI {
    /// Appends a segment to the path of a URI, before its query.
    static func appending(_ segment: String, to uri: String) -> String {
        let path = uri.prefix { $0 != "?" }
        let query = uri[path.endIndex...]
        return path.hasSuffix("/") ? "\(path)\(segment)\(query)" : "\(path)/\(segment)\(query)"
    }
}
