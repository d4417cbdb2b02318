package import NIOCore

/// A store for the artifacts of runs, models and traces: files of any size with slash-separated paths.
///
/// All operations throw ``ArtifactError``, and `CancellationError` when the task is cancelled. ``write(_:size:body:)`` also rethrows the
/// errors of the body.
package protocol ArtifactStore: Sendable {
    /// The entries of `directory`, sorted by the bytes of their names.
    ///
    /// Empty when the directory doesn't exist or is a file, as MLflow's clients expect.
    func list(_ directory: ArtifactPath) async throws -> [ArtifactInfo]

    /// Opens a file.
    ///
    /// The content belongs to a single version of the file, even if the file is replaced meanwhile.
    ///
    /// - Throws: `notFound`, `isDirectory`, or `invalidRange` for a range outside the file.
    func read(_ path: ArtifactPath, range: ByteRange?) async throws -> ArtifactContent

    /// Writes `body` to `path`, replacing an existing file.
    ///
    /// The file appears atomically and is durable when the call returns. Readers see either the old file or the new one. On failure or
    /// cancellation, the new file never becomes visible. When several writers write to the same path, the last one to finish wins.
    ///
    /// - Parameter size: the length of `body` in bytes, if known. A body of a different length fails with `invalidArgument`.
    func write<Body: AsyncSequence & Sendable>(_ path: ArtifactPath, size: Int64?, body: Body) async throws
    where Body.Element == ByteBuffer

    /// Deletes a file, or a directory with its contents. Does nothing if `path` doesn't exist. The root can't be deleted.
    func delete(_ path: ArtifactPath) async throws

    /// Deletes all artifacts but keeps the store's root, to clean up a run with its own store.
    func deleteEverything() async throws

    /// Throws an error unless the store is usable, for readiness checks.
    func checkReachable() async throws

    /// Closes the store's connections. The store must not be used afterwards.
    func shutdown() async throws

    /// Direct transfers between clients and the storage; `nil` if the storage doesn't support them.
    var directTransfer: (any DirectTransfer)? { get }
}

extension ArtifactStore {
    /// Opens a whole file. See ``read(_:range:)``.
    package func read(_ path: ArtifactPath) async throws -> ArtifactContent {
        try await read(path, range: nil)
    }
}
