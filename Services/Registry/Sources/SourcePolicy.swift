internal import WireProtocol

/// The operator's restrictions on the sources of model versions.
package struct SourcePolicy: Sendable {
    /// Schemes whose URIs name the host to connect to. MLflow's server rejects them, because a client could make it connect to
    /// any host.
    private static let hostAddressed: Set<String> = [
        "ftp", "sftp", "hdfs", "viewfs", "http", "https", "mlflow-artifacts", "r2", "b2", "abfss",
    ]

    /// Host-addressed schemes that the operator allows.
    private let allowedSchemes: Set<String>
    /// A regular expression that must match some part of every source.
    private let pattern: String?

    /// Creates a policy.
    ///
    /// - Parameters:
    ///   - allowedSchemes: comma-separated schemes to allow although their URIs name a host.
    ///   - pattern: a regular expression that must match some part of every source.
    /// - Throws: the regex parser's error if the pattern is invalid.
    package init(allowedSchemes: String? = nil, pattern: String? = nil) throws {
        self.allowedSchemes = Set(
            (allowedSchemes ?? "").split(separator: ",").map { $0.filter { !$0.isWhitespace }.lowercased() })
        self.pattern = pattern
        if let pattern { _ = try Regex(pattern) }
    }

    /// Checks a source against the pattern.
    func checkPattern(_ source: String) throws {
        guard let pattern else { return }
        guard try Regex(pattern).firstMatch(in: source) != nil else {
            throw ServiceError.invalidParameter("Invalid model version source: '\(source)'.")
        }
    }

    func checkScheme(_ source: String) throws {
        let uri = SourceURI(source)
        guard Self.hostAddressed.contains(uri.scheme), !allowedSchemes.contains(uri.scheme),
            // Without a host, this scheme refers to our own artifacts.
            uri.scheme != "mlflow-artifacts" || !uri.authority.isEmpty
        else { return }
        throw ServiceError.invalidParameter(
            "'source' cannot use the '\(uri.scheme)' scheme: the '\(uri.scheme)' scheme addresses a host other than the tracking"
                + " server's configured artifact storage, so the server would connect to the host named in the URI. Set the"
                + " MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES environment variable on the server to allow it.")
    }
}
