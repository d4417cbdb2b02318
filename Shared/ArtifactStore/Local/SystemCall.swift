import Glibc

/// The failure of a system call, with its `errno`.
struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
    let call: String
    let code: CInt

    var description: String { "\(call): \(String(cString: strerror(code))) (errno \(code))" }
}

/// Runs a system call that returns -1 on failure, and retries it when a signal interrupts it.
@discardableResult
func systemCall<Result: SignedInteger>(_ name: String, _ body: () -> Result) throws(SystemError) -> Result {
    while true {
        let result = body()
        if result != -1 { return result }
        let code = errno
        if code != EINTR { throw SystemError(call: name, code: code) }
    }
}

extension ArtifactError {
    /// The error for a failed system call on the artifact at `path`.
    init(_ error: SystemError, at path: ArtifactPath) {
        switch error.code {
        case ENOENT, ENOTDIR:
            self = .notFound(path, cause: error)
        case EISDIR:
            self = .isDirectory(path, cause: error)
        case ELOOP:
            // MLflow's message. `Directory` reports every symbolic link as ELOOP.
            self.init(.invalidPath, "Invalid path: resolved path is outside the artifact directory", cause: error)
        case ENAMETOOLONG, EILSEQ, EINVAL:
            self.init(.invalidPath, "Invalid path: the file system doesn't support the name.", cause: error)
        case ENOSPC, EDQUOT, EFBIG:
            self.init(.outOfSpace, "The artifact store has no space left.", cause: error)
        case EACCES, EPERM, EROFS:
            self.init(.permissionDenied, "The server doesn't have permission to access this part of its artifact store.", cause: error)
        default:
            self.init(.unavailable, "The artifact store's file system failed.", cause: error)
        }
    }
}
