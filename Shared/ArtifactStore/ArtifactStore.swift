package import NIOCore

/// Where the artifacts of runs, models and traces are kept: files of any size under slash-separated paths.
///
/// Every operation throws ``ArtifactError`` when the store refuses or fails, `CancellationError` when its task is
/// cancelled, and for ``write(_:size:body:)`` whatever the body throws.
package protocol ArtifactStore: Sendable {
    /// What lies directly under `directory`, sorted by the bytes of the name.
    ///
    /// Empty when there is nothing there and when `directory` names a file, as MLflow's clients expect.
    func list(_ directory: ArtifactPath) async throws -> [ArtifactInfo]

    /// Opens a file. Throws `notFound`, `isDirectory` or, for a range that holds no byte of the file, `invalidRange`.
    ///
    /// The content is one version of the file even when another is written meanwhile.
    func read(_ path: ArtifactPath, range: ByteRange?) async throws -> ArtifactContent

    /// Stores `body` at `path`, replacing what was there.
    ///
    /// The file appears whole, and once this returns it survives a crash; readers see the former file or the new one.
    /// When anything fails or the task is cancelled, nothing is visible of the new one. Of concurrent writers of one
    /// path the last to finish wins.
    ///
    /// - Parameter size: The number of bytes in `body` where the caller knows it; a body of another length is refused
    ///   with `invalidArgument`.
    func write<Body: AsyncSequence & Sendable>(_ path: ArtifactPath, size: Int64?, body: Body) async throws
    where Body.Element == ByteBuffer

    /// Removes a file, or a directory with all that is in it. Nothing at `path` is no error; the root is refused.
    func delete(_ path: ArtifactPath) async throws

    /// Removes every artifact and keeps the store's root: for cleaning up a run that has a store of its own.
    func deleteEverything() async throws

    /// Throws unless the store can be used now; for readiness checks.
    func checkReachable() async throws

    /// Releases the store's connections. The store must not be used afterwards.
    func shutdown() async throws

    /// Lets clients move bytes to and from the storage directly; nil when the storage has no such thing.
    var directTransfer: (any DirectTransfer)? { get }
}

extension ArtifactStore {
    /// Opens a whole file; see ``read(_:range:)``.
    package func read(_ path: ArtifactPath) async throws -> ArtifactContent {
        try await read(path, range: nil)
    }
}
