import Glibc

/// The folder that a local store lives in. The methods block.
struct RootDirectory: Sendable {
    /// Absolute, so that it stays the same folder when the process changes its working directory.
    let path: String

    /// Makes the folder, with its parents, where it is missing. Throws when there is something else of that name.
    init(path: String) throws(ArtifactError) {
        self.path = try Self.absolute(path)
        do throws(SystemError) {
            try Self.makeDirectories(self.path)
        } catch {
            throw Self.translate(error)
        }
        _ = try open()
    }

    /// Opened anew for each operation, so that a disk that is mounted again is found.
    func open() throws(ArtifactError) -> Directory {
        do throws(SystemError) {
            return try Directory(path: path)
        } catch {
            throw Self.translate(error)
        }
    }

    /// A missing root is not a missing artifact: it may be a disk that isn't mounted.
    private static func translate(_ error: SystemError) -> ArtifactError {
        switch error.code {
        case ENOENT, ENOTDIR, ELOOP:
            ArtifactError(.unavailable, "The folder of the artifact store is missing or no folder", cause: error)
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
                // Existing ancestors may be of a read-only file system or not ours to write.
                guard [EEXIST, EROFS, EACCES, EISDIR].contains(error.code), access(partial, F_OK) == 0 else {
                    throw error
                }
            }
        }
    }
}
