/// An error of an artifact store.
package struct ArtifactError: Error, Sendable {
    /// The kind of error.
    package enum Code: Sendable, Hashable, CaseIterable {
        /// The file doesn't exist.
        case notFound
        /// The path is a directory, but a file is required.
        case isDirectory
        /// The path is unsafe or not a valid name in this store.
        case invalidPath
        /// Another argument is invalid: a part number, a lifetime, or a body whose length differs from its size.
        case invalidArgument
        /// The range doesn't overlap the file.
        case invalidRange
        /// The store doesn't support the operation, or the URI isn't supported.
        case unsupported
        /// The disk or the quota is full.
        case outOfSpace
        /// The store's own credentials or file permissions don't allow the operation.
        case permissionDenied
        /// The storage is missing, unreachable or failing. A retry may succeed.
        case unavailable
    }

    package let code: Code
    /// The message, which is safe to show to a client: it contains no local paths and no secrets.
    package let message: String
    /// The underlying error, for the log only.
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension ArtifactError {
    /// MLflow's message.
    static func notFound(_ path: ArtifactPath, cause: (any Error)? = nil) -> ArtifactError {
        ArtifactError(.notFound, "No such artifact: '\(path)'", cause: cause)
    }

    /// MLflow's message.
    static func isDirectory(_ path: ArtifactPath, cause: (any Error)? = nil) -> ArtifactError {
        ArtifactError(.isDirectory, "Artifact path refers to a directory, not a file: '\(path)'", cause: cause)
    }

    /// MLflow's message, which deliberately doesn't say what is invalid.
    static var invalidPath: ArtifactError {
        ArtifactError(.invalidPath, "Invalid path")
    }

    static func invalidRange(size: Int64?) -> ArtifactError {
        ArtifactError(.invalidRange, "The range is outside the artifact" + (size.map { " (\($0) bytes)." } ?? "."))
    }

    static func cannotDeleteRoot() -> ArtifactError {
        ArtifactError(.invalidPath, "Invalid path: the root of the artifact store can't be deleted.")
    }
}

extension ArtifactError: CustomStringConvertible {
    /// The code, message and cause, for the log.
    package var description: String {
        "\(code): \(message)" + (cause.map { " (\($0))" } ?? "")
    }
}
