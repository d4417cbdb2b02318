import Glibc
package import NIOPosix

/// A read-only directory, such as the built files of a web UI.
///
/// As in ``LocalArtifactStore``, files outside the directory are inaccessible and symbolic links are ignored; only the directory itself may
/// be one.
package struct ReadOnlyDirectory: Sendable {
    private let path: String
    private let threads: NIOThreadPool

    /// - Parameters:
    ///   - path: the path of the directory, which is reopened for each file, in case the directory is replaced.
    ///   - threads: the threads for blocking file I/O. Must outlive this value.
    package init(path: String, threads: NIOThreadPool = .singleton) {
        self.path = path
        self.threads = threads
    }

    /// Opens the first existing file of several paths.
    ///
    /// - Returns: the file and the index of its path; `nil` if none of the paths is a file.
    /// - Throws: `ArtifactError` when a file exists but can't be opened.
    package func openFirst(of paths: [ArtifactPath]) async throws -> (file: ReadOnlyFile, index: Int)? {
        let path = path
        let found = try await threads.runIfActive { () throws -> (OpenFile, stat, Int)? in
            for (index, candidate) in paths.enumerated() {
                guard let name = candidate.name else { continue }
                do throws(SystemError) {
                    let file = try Directory(path: path).descend(candidate.parent.segments).file(named: name)
                    return (file, try file.status(), index)
                } catch {
                    // Missing, not a regular file, or behind a symbolic link.
                    guard [ENOENT, ENOTDIR, EISDIR, ELOOP, ENAMETOOLONG, EILSEQ, EINVAL].contains(error.code) else {
                        throw ArtifactError(error, at: candidate)
                    }
                }
            }
            return nil
        }
        return found.map { (ReadOnlyFile($0, status: $1, threads: threads), $2) }
    }
}

/// An open file. It remains the same file even if it is replaced on disk.
package struct ReadOnlyFile: Sendable {
    /// The size in bytes.
    package let size: Int64
    /// The modification time in nanoseconds since 1970.
    package let modified: Int64
    /// The contents. Discarding it closes the file.
    package let body: ArtifactBody

    init(_ file: OpenFile, status: stat, threads: NIOThreadPool) {
        size = max(0, Int64(status.st_size))
        modified = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
        body = ArtifactBody(FileChunks(file: file, range: 0..<size, threads: threads))
    }
}
