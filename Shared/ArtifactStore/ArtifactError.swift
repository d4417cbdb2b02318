/// Why an artifact store refused or failed.
package struct ArtifactError: Error, Sendable {
    package enum Code: Sendable, Hashable, CaseIterable {
        /// There is no file of that name.
        case notFound
        /// The path names a directory where a file is needed.
        case isDirectory
        /// The path is unsafe or can't be a name in this store.
        case invalidPath
        /// Another argument is wrong: a part number, a lifetime, a body that isn't as long as announced.
        case invalidArgument
        /// The range holds no byte of the file.
        case invalidRange
        /// The store can't do this, or there is no store for this URI.
        case unsupported
        /// The disk or the quota is full.
        case outOfSpace
        /// The store's own credentials or file permissions don't allow it.
        case permissionDenied
        /// The storage is missing, unreachable or broken; trying again later may help.
        case unavailable
    }

    package let code: Code
    /// Safe to show to a client: names no path of the machine and no secret.
    package let message: String
    /// For the log only.
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension ArtifactError {
    /// In MLflow's words.
    static func notFound(_ path: ArtifactPath, cause: (any Error)? = nil) -> ArtifactError {
        ArtifactError(.notFound, "No such artifact: '\(path)'", cause: cause)
    }

    /// In MLflow's words.
    static func isDirectory(_ path: ArtifactPath, cause: (any Error)? = nil) -> ArtifactError {
        ArtifactError(.isDirectory, "Artifact path refers to a directory, not a file: '\(path)'", cause: cause)
    }

    /// In MLflow's words, which deliberately don't say what is wrong.
    static var invalidPath: ArtifactError {
        ArtifactError(.invalidPath, "Invalid path")
    }

    static func invalidRange(size: Int64?) -> ArtifactError {
        ArtifactError(.invalidRange, "The range holds no byte of the artifact" + (size.map { " (\($0) bytes)" } ?? ""))
    }

    static func cannotDeleteRoot() -> ArtifactError {
        ArtifactError(.invalidPath, "Invalid path: the root of the artifact store can't be deleted")
    }
}

extension ArtifactError: CustomStringConvertible {
    /// For the log: with the cause.
    package var description: String {
        "\(code): \(message)" + (cause.map { " (\($0))" } ?? "")
    }
}
