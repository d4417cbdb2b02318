internal import Foundation

/// Writes files that only their owner can read.
enum PrivateFile {
    /// Replaces the file at `path` atomically.
    static func replace(_ path: String, with data: Data) throws {
        let new = "\(path).\(getpid()).new"
        unlink(new)
        let file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure() }
        do {
            try FileHandle(fileDescriptor: file, closeOnDealloc: true).write(contentsOf: data)
            guard rename(new, path) == 0 else { throw failure() }
        } catch {
            unlink(new)
            throw error
        }
    }

    private static func failure() -> POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
}
