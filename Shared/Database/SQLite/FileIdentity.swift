internal import Glibc

/// The identity of the file at a path: its device and inode numbers.
struct FileIdentity: Equatable, Sendable {
    private var device: UInt64
    private var inode: UInt64

    /// Returns `nil` when there is no file at `path`.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}
