internal import ServiceKit
internal import WireProtocol

/// The rules of sources that need no other service. Their aim: nobody registers a path to what he couldn't read himself.
enum SourceValidation {
    /// Which field of a request must say whose folder a source is in.
    enum Owner: String {
        case run = "run_id"
        case model = "model_id"
    }

    /// Sources that stand for none, because prompts have none.
    private static let promptPlaceholders: Set<String> = ["dummy-source", "prompt-template"]

    static func checkPromptSource(_ source: String) throws {
        guard promptPlaceholders.contains(source) else {
            throw ServiceError.invalidParameter(
                "Invalid prompt source: '\(source)'. Prompt sources must use an MLflow placeholder.")
        }
    }

    /// Whether a source is a path of some machine's file system.
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

    /// Whether a local source is in the folder that `root` names.
    static func isLocalSource(_ source: String, inside root: String) throws -> Bool {
        guard try isLocal(root) else { return false }
        // Encoded dots would be decoded by whoever opens the source.
        guard !goesUp(source) else { return false }
        return LocalPath.isInside(localPath(of: source), folder: localPath(of: root))
    }

    /// Checks that a source which isn't local is absolute and doesn't go up, in any encoding.
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

    /// The run in `runs:/RUN/path`.
    static func run(in uri: SourceURI, _ source: String) throws -> String {
        guard let run = uri.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().first, !run.isEmpty else {
            throw ServiceError.invalidParameter(
                "Not a proper runs:/ URI: \(source). Runs URIs must be of the form"
                    + " 'runs:/<run_id>/run-relative/path/to/artifact'")
        }
        return String(run)
    }

    /// Whether a source is among the artifacts that a tracking server hands out, for which it asks nobody's permission.
    static func isServedArtifact(_ source: String) -> Bool {
        let uri = SourceURI(source)
        if uri.scheme == "mlflow-artifacts" { return true }
        guard ["http", "https"].contains(uri.scheme) else { return false }
        let route = ["api", "2.0", "mlflow-artifacts", "artifacts"]
        let segments = uri.segments
        return segments.indices.contains { segments[$0...].starts(with: route) }
    }

    /// Whether a source is the folder that `root` names, or in it.
    static func isUnder(_ source: String, root: String) -> Bool {
        let (source, root) = (SourceURI(source), SourceURI(root))
        let segments = root.segments
        return source.scheme == root.scheme && source.authority.lowercased() == root.authority.lowercased()
            && !segments.isEmpty && source.segments.starts(with: segments)
    }

    /// The error for a source that isn't where the request's owner keeps its files.
    static func notOwned(_ source: String, by owner: Owner) -> ServiceError {
        .invalidParameter(
            "Invalid model version source: '\(source)'. The \(owner.rawValue) request parameter must identify the resource that"
                + " contains the source.")
    }

    /// The error for a local source outside of the request's owner's folder.
    static func localNotOwned(_ source: String, by owner: Owner) -> ServiceError {
        .invalidParameter(
            "Invalid model version source: '\(source)'. To use a local path as a model version source, the \(owner.rawValue)"
                + " request parameter has to be specified and the local path has to be contained within the artifact directory"
                + " of the run specified by the \(owner.rawValue).")
    }

    private static func goesUp(_ source: String) -> Bool {
        // By bytes: a slash with a combining mark is another character to Swift, but a slash to whoever opens the source.
        SourceURI.fullyDecoded(source, plusIsSpace: true).utf8.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
            .contains { $0.elementsEqual("..".utf8) }
    }

    /// The path that a local URI names, decoded once.
    private static func localPath(of source: String) -> String {
        let path = source.hasPrefix("file:") ? SourceURI(source).path : source
        return QueryString.decode(path.utf8, plusIsSpace: false)
    }
}
