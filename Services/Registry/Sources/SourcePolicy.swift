internal import WireProtocol

/// What an operator allows as the source of a model version.
package struct SourcePolicy: Sendable {
    /// Schemes whose URIs name the host to connect to; MLflow's server refuses them, because it would be made to connect to
    /// any host.
    private static let hostAddressed: Set<String> = [
        "ftp", "sftp", "hdfs", "viewfs", "http", "https", "mlflow-artifacts", "r2", "b2", "abfss",
    ]

    /// Those of the schemes above that are allowed all the same.
    private let allowedSchemes: Set<String>
    /// A regular expression that every source must match somewhere.
    private let pattern: String?

    /// - Parameter allowedSchemes: schemes separated by commas.
    /// - Throws: what is wrong with the pattern.
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
            // Without a host, this scheme means our own artifacts.
            uri.scheme != "mlflow-artifacts" || !uri.authority.isEmpty
        else { return }
        throw ServiceError.invalidParameter(
            "'source' cannot use the '\(uri.scheme)' scheme: the '\(uri.scheme)' scheme addresses a host other than the tracking"
                + " server's configured artifact storage, so the server would connect to the host named in the URI. Set the"
                + " MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES environment variable on the server to allow it.")
    }
}
