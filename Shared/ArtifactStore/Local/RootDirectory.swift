import Glibc

/// The root directory of a local store. The methods block.
struct RootDirectory: Sendable {
    /// The absolute path, so that it doesn't depend on the current working directory.
    let path: String

    /// Creates the directory and its parents if they don't exist. Throws if the path isn't a directory.
    init(path: String) throws(ArtifactError) {
        self.path = try Self.absolute(path)
        do throws(SystemError) {
            try Self.makeDirectories(self.path)
        } catch {
            throw Self.translate(error)
        }
        _ = try open()
    }

    /// Opens the directory. Called for each operation, in case a file system is mounted again.
    func open() throws(ArtifactError) -> Directory {
        do throws(SystemError) {
            return try Directory(path: path)
        } catch {
            throw Self.translate(error)
        }
    }

    /// A missing root isn't a missing artifact: its file system may not be mounted.
    private static func translate(_ error: SystemError) -> ArtifactError {
        switch error.code {
        case ENOENT, ENOTDIR, ELOOP:
            ArtifactError(.unavailable, "The directory of the artifact store doesn't exist or isn't a directory.", cause: error)
        default:
            ArtifactError(error, at: .root)
        }
    }

    private static func absolute(_ path: String) throws(ArtifactError) -> String {
        if path.utf8.first == UInt8(ascii: "/") { return path }
        guard let buffer = getcwd(nil, 0) else {
            throw translate(SystemError(call: "getcwd", code: errno))
        }
        defer { free(buffer) }
        return String(cString: buffer) + "/" + path
    }

    private static func makeDirectories(_ path: String) throws(SystemError) {
        var partial = ""
        for name in path.utf8.split(separator: UInt8(ascii: "/")) {
            partial += "/" + String(Substring(name))
            do throws(SystemError) {
                try systemCall("mkdir") { mkdir(partial, Directory.mode) }
            } catch {
                // Existing ancestors may be on a read-only file system or not writable.
                guard [EEXIST, EROFS, EACCES, EISDIR].contains(error.code), access(partial, F_OK) == 0 else {
                    throw error
                }
            }
        }
    }
}
