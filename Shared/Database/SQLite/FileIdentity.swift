internal import Glibc

/// Which file a path leads to: the pair of numbers by which the kernel tells files apart.
struct FileIdentity: Equatable, Sendable {
    private var device: UInt64
    private var inode: UInt64

    /// `nil` when there is no file at `path`.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}
