import Glibc
package import NIOCore
import NIOPosix

extension LocalArtifactStore {
    /// The number of bytes to collect for each write.
    private static let batchBytes = 512 * 1024
    /// How often to retry when others delete the directory during the write.
    private static let writeAttempts = 100

    package func write<Body: AsyncSequence & Sendable>(
        _ path: ArtifactPath, size: Int64?, body: Body
    ) async throws where Body.Element == ByteBuffer {
        guard let name = path.name else { throw ArtifactError.isDirectory(path) }
        try Self.checkNotReserved(path)
        var counter = try BodySizeCheck(announced: size)
        let staged = try await blocking(path) { root in try Self.stage(path, named: name, in: root) }
        do {
            var batch = ByteBatch()
            for try await chunk in body {
                try counter.add(chunk.readableBytes)
                batch.append(chunk)
                guard batch.count >= Self.batchBytes else { continue }
                try await blocking(path) { [full = batch.take()] _ in try staged.write(full) }
            }
            try counter.finish()
            // When its task is cancelled, a body may end early instead of throwing.
            try Task.checkCancellation()
            try await blocking(path) { [rest = batch.take()] root in
                try staged.write(rest)
                try Self.publish(staged, at: path, named: name, in: root)
            }
        } catch {
            await threads.runUncancellably { staged.discard() }
            throw error
        }
    }

    private static func checkNotReserved(_ path: ArtifactPath) throws(ArtifactError) {
        for segment in path.segments where segment.hasPrefix(StagedFile.hiddenPrefix) {
            // MLflow's message.
            throw ArtifactError(
                .invalidPath,
                "Invalid artifact file name: '\(segment)'. "
                    + "Artifact names starting with '\(StagedFile.hiddenPrefix)' are reserved.")
        }
    }

    /// Opens the staged file in the deepest existing directory of the path, so that a failed upload leaves no empty directories.
    private static func stage(
        _ path: ArtifactPath, named name: String, in root: Directory
    ) throws(ArtifactError) -> StagedFile {
        try retryingWhenDeleted(path) { () throws(SystemError) in
            var directory = root
            do throws(SystemError) {
                for segment in path.parent.segments { directory = try directory.directory(named: segment) }
                if try directory.status(of: name).isDirectory { throw SystemError(call: "fstatat", code: EISDIR) }
            } catch {
                guard error.code == ENOENT else { throw error }
            }
            return try StagedFile(in: directory)
        }
    }

    private static func publish(
        _ staged: StagedFile, at path: ArtifactPath, named name: String, in root: Directory
    ) throws(ArtifactError) {
        try retryingWhenDeleted(path) { () throws(SystemError) in
            try staged.publish(in: try root.makeDirectories(path.parent.segments), as: name)
        }
    }

    /// Runs `work`, and restarts it when a directory that it opened or created is deleted concurrently.
    private static func retryingWhenDeleted<Result>(
        _ path: ArtifactPath, _ work: () throws(SystemError) -> Result
    ) throws(ArtifactError) -> Result {
        var attempt = 1
        while true {
            do throws(SystemError) {
                return try work()
            } catch {
                guard error.code == ENOENT, attempt < writeAttempts else {
                    throw translate(error, whenWriting: path)
                }
                attempt += 1
            }
        }
    }

    private static func translate(_ error: SystemError, whenWriting path: ArtifactPath) -> ArtifactError {
        switch error.code {
        case ENOTDIR:
            ArtifactError(.invalidPath, "Invalid path: a part of '\(path.parent)' is a file.", cause: error)
        case ENOENT:
            ArtifactError(.unavailable, "The directory was deleted while the artifact was being written.", cause: error)
        default:
            ArtifactError(error, at: path)
        }
    }
}

extension NIOThreadPool {
    /// Runs `work` even if the task is cancelled, for cleanup.
    fileprivate func runUncancellably(_ work: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            submit { _ in
                work()
                continuation.resume()
            }
        }
    }
}
