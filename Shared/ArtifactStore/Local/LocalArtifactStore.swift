import Glibc
package import NIOPosix

/// A store for artifacts as files in a directory.
///
/// Symbolic links aren't artifacts: they aren't listed, reading through one throws `invalidPath`, and deleting removes the link. Only the
/// root itself may be one. New files and directories are accessible to the owner only (0600 and 0700).
package struct LocalArtifactStore: ArtifactStore {
    private let root: RootDirectory
    let threads: NIOThreadPool

    /// Opens a store in the directory `root`, which is created with its parents if it doesn't exist. Blocks; call it at startup.
    ///
    /// - Parameter threads: the threads for blocking file I/O, which may take seconds when a large file is synchronized. Must outlive the
    ///   store.
    package init(root: String, threads: NIOThreadPool = .singleton) throws(ArtifactError) {
        self.root = try RootDirectory(path: root)
        self.threads = threads
    }

    package var directTransfer: (any DirectTransfer)? { nil }

    package func shutdown() async throws {}

    package func list(_ directory: ArtifactPath) async throws -> [ArtifactInfo] {
        do {
            return try await blocking(directory) { root in
                try root.descend(directory.segments).artifacts().sortedByName()
            }
        } catch let error as ArtifactError where error.code == .notFound {
            return []
        }
    }

    package func read(_ path: ArtifactPath, range: ByteRange?) async throws -> ArtifactContent {
        guard let name = path.name else { throw ArtifactError.isDirectory(path) }
        let (file, size) = try await blocking(path) { root in
            let file = try root.descend(path.parent.segments).file(named: name)
            return (file, Int64(try file.status().st_size))
        }
        let whole = 0..<max(0, size)
        guard let resolved = range.map({ $0.resolved(size: size) }) ?? whole else {
            throw ArtifactError.invalidRange(size: size)
        }
        let body = ArtifactBody(FileChunks(file: file, range: resolved, threads: threads))
        return ArtifactContent(size: size, range: resolved, body: body)
    }

    package func delete(_ path: ArtifactPath) async throws {
        guard let name = path.name else { throw ArtifactError.cannotDeleteRoot() }
        do {
            try await blocking(path) { root in
                let parent = try root.descend(path.parent.segments)
                try parent.remove(name)
                try parent.file.synchronize()
            }
        } catch let error as ArtifactError where error.code == .notFound {
            return
        }
    }

    package func deleteEverything() async throws {
        try await blocking(.root) { root in
            try root.removeContents()
            try root.file.synchronize()
        }
    }

    package func checkReachable() async throws {
        try await blocking(.root) { root in
            _ = try systemCall("faccessat") { faccessat(root.file.descriptor, ".", R_OK | W_OK | X_OK, 0) }
        }
    }
}

extension LocalArtifactStore {
    /// Runs `work` with the root directory on a thread that may block.
    func blocking<Result: Sendable>(
        _ path: ArtifactPath, _ work: @escaping @Sendable (Directory) throws -> Result
    ) async throws -> Result {
        try await threads.runIfActive { [root] in
            do {
                return try work(root.open())
            } catch let error as SystemError {
                throw ArtifactError(error, at: path)
            }
        }
    }
}

extension Directory {
    /// The entries that are files or directories, without staged files.
    fileprivate func artifacts() throws(SystemError) -> [ArtifactInfo] {
        var artifacts: [ArtifactInfo] = []
        for entry in try names() {
            // Clients can't request a name that isn't UTF-8.
            guard let name = String(validating: entry.dropLast(), as: UTF8.self),
                !name.hasPrefix(StagedFile.hiddenPrefix)
            else {
                continue
            }
            do throws(SystemError) {
                let status = try status(of: name)
                if status.isDirectory {
                    artifacts.append(ArtifactInfo(name: name, kind: .directory))
                } else if status.isRegularFile {
                    artifacts.append(ArtifactInfo(name: name, kind: .file(size: Int64(status.st_size))))
                }
            } catch {
                // The entry has been deleted since the names were read.
                guard error.code == ENOENT else { throw error }
            }
        }
        return artifacts
    }
}
