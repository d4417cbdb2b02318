internal import Primitives
internal import ServiceKit
internal import WireProtocol

/// Checks of sources that need no other service. They prevent clients from registering paths that they couldn't read themselves.
enum SourceValidation {
    /// The request parameter that must identify the owner of a source's directory.
    enum Owner: String {
        case run = "run_id"
        case model = "model_id"
    }

    /// Placeholder sources of prompts, which have no files.
    private static let promptPlaceholders: Set<String> = ["dummy-source", "prompt-template"]

    static func checkPromptSource(_ source: String) throws {
        guard promptPlaceholders.contains(source) else {
            throw ServiceError.invalidParameter(
                "Invalid prompt source: '\(source)'. Prompt sources must use an MLflow placeholder.")
        }
    }

    /// Whether a source is a path in a local file system.
    static func isLocal(_ source: String) throws -> Bool {
        let uri = SourceURI(source)
        if uri.scheme.isEmpty { return true }
        guard uri.scheme == "file" else { return false }
        let isThisMachine =
            uri.host.isEmpty || uri.host == "." || uri.host.hasPrefix("localhost") || uri.host.hasPrefix("127.0.0.1")
        guard isThisMachine else {
            throw ServiceError.invalidParameter(
                "\(source) is not a valid remote uri. For remote access on windows, please consider using a different scheme"
                    + " such as SMB (e.g. smb://<hostname>/<path>).")
        }
        return true
    }

    /// Whether a local source is inside the directory `root`.
    static func isLocalSource(_ source: String, inside root: String) throws -> Bool {
        guard try isLocal(root) else { return false }
        // Whoever opens the source would decode percent-encoded dots.
        guard !goesUp(source) else { return false }
        return LocalPath.isInside(localPath(of: source), directory: localPath(of: root))
    }

    /// Checks that a remote source is absolute and has no `..` segment, in any encoding.
    static func checkAbsolute(_ source: String) throws {
        let decoded = SourceURI.fullyDecoded(source, plusIsSpace: true)
        let path = SourceURI(decoded).path
        let segments = path.split(separator: "/")
        guard !goesUp(source), !decoded.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }),
            path.hasPrefix("/"), !segments.isEmpty, !segments.contains(".")
        else {
            throw ServiceError.invalidParameter(
                "Invalid model version source: '\(source)'. If supplying a source as an http, https, local file path, ftp,"
                    + " objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references"
                    + " present. Please provide an absolute path.")
        }
    }

    /// Returns the run ID in `runs:/RUN/path`.
    static func run(in uri: SourceURI, _ source: String) throws -> String {
        guard let run = uri.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().first, !run.isEmpty else {
            throw ServiceError.invalidParameter(
                "Not a proper runs:/ URI: \(source). Runs URIs must be of the form"
                    + " 'runs:/<run_id>/run-relative/path/to/artifact'")
        }
        return String(run)
    }

    /// Whether a source is an artifact that a tracking server serves, which it does without authorization.
    static func isServedArtifact(_ source: String) -> Bool {
        let uri = SourceURI(source)
        if uri.scheme == "mlflow-artifacts" { return true }
        guard ["http", "https"].contains(uri.scheme) else { return false }
        let route = ["api", "2.0", "mlflow-artifacts", "artifacts"]
        let segments = uri.segments
        return segments.indices.contains { segments[$0...].starts(with: route) }
    }

    /// Whether a source is the directory `root` or inside it.
    static func isUnder(_ source: String, root: String) -> Bool {
        let (source, root) = (SourceURI(source), SourceURI(root))
        let segments = root.segments
        return source.scheme == root.scheme && source.authority.lowercased() == root.authority.lowercased()
            && !segments.isEmpty && source.segments.starts(with: segments)
    }

    /// The error for a source outside its owner's artifacts.
    static func notOwned(_ source: String, by owner: Owner) -> ServiceError {
        .invalidParameter(
            "Invalid model version source: '\(source)'. The \(owner.rawValue) request parameter must identify the resource that"
                + " contains the source.")
    }

    /// The error for a local source outside its owner's directory.
    static func localNotOwned(_ source: String, by owner: Owner) -> ServiceError {
        .invalidParameter(
            "Invalid model version source: '\(source)'. To use a local path as a model version source, the \(owner.rawValue)"
                + " request parameter has to be specified and the local path has to be contained within the artifact directory"
                + " of the run specified by the \(owner.rawValue).")
    }

    private static func goesUp(_ source: String) -> Bool {
        // Splits by bytes: Swift treats a slash with a combining mark as a different character, but to a file system it is a slash.
        SourceURI.fullyDecoded(source, plusIsSpace: true).utf8.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
            .contains { $0.elementsEqual("..".utf8) }
    }

    /// The path of a local source, percent-decoded once.
    private static func localPath(of source: String) -> String {
        let path = source.hasPrefix("file:") ? SourceURI(source).path : source
        return PercentEncoding.decode(path)
    }
}
