import Glibc
package import NIOPosix

/// The files of a folder that is only read, such as the built files of a web UI.
///
/// As in ``LocalArtifactStore``, nothing outside of the folder can be reached, and symbolic links are no files; only the folder
/// itself may be one.
package struct ReadOnlyDirectory: Sendable {
    private let path: String
    private let threads: NIOThreadPool

    /// - Parameters:
    ///   - path: is opened anew for each file, so that a folder that is replaced is noticed.
    ///   - threads: where file I/O blocks. Must outlive the folder.
    package init(path: String, threads: NIOThreadPool = .singleton) {
        self.path = path
        self.threads = threads
    }

    /// Opens the first of several files that is there.
    ///
    /// - Returns: the file, and which of the paths it has; `nil` when none of them is a file.
    /// - Throws: `ArtifactError` when a file is there but can't be opened.
    package func openFirst(of paths: [ArtifactPath]) async throws -> (file: ReadOnlyFile, index: Int)? {
        let path = path
        let found = try await threads.runIfActive { () throws -> (OpenFile, stat, Int)? in
            for (index, candidate) in paths.enumerated() {
                guard let name = candidate.name else { continue }
                do throws(SystemError) {
                    let file = try Directory(path: path).descend(candidate.parent.segments).file(named: name)
                    return (file, try file.status(), index)
                } catch {
                    // What is missing, no regular file, or behind a symbolic link isn't there.
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

/// An open file. It stays what it was when it was opened, even if its name is given to another meanwhile.
package struct ReadOnlyFile: Sendable {
    package let size: Int64
    /// When the contents changed, in nanoseconds since 1970.
    package let modified: Int64
    /// The contents. Dropping it closes the file.
    package let body: ArtifactBody

    init(_ file: OpenFile, status: stat, threads: NIOThreadPool) {
        size = max(0, Int64(status.st_size))
        modified = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
        body = ArtifactBody(FileChunks(file: file, range: 0..<size, threads: threads))
    }
}
