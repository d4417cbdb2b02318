internal import Glibc

/// An exclusive lock on a file, which is created if it doesn't exist. The kernel releases the lock when the process ends, however it ends.
package final class FileLock: Sendable {
    /// Why a file can't be locked.
    package enum Failure: Error, Equatable {
        case alreadyLocked
        /// The file can't be opened, created or locked; the reason is the system's text.
        case unavailable(String)
    }

    package let path: String
    private let file: Int32

    /// Locks a file without waiting. Only its owner can read it.
    package init(path: String) throws(Failure) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .unavailable(String(cString: strerror(errno))) }
        guard Self.perform(.set, on: file).result == 0 else {
            let code = errno
            close(file)
            // Some network file systems have no locks.
            throw code == EAGAIN || code == EACCES ? .alreadyLocked : .unavailable(String(cString: strerror(code)))
        }
        self.path = path
        self.file = file
    }

    deinit { close(file) }

    /// Replaces the file's contents, for other processes that want to know who has the lock.
    package func write(_ text: String) {
        _ = ftruncate(file, 0)
        _ = pwrite(file, text, text.utf8.count, 0)
    }

    /// Deletes the file. The lock stays until it is released, but others can create and lock a new file.
    package func removeFile() { unlink(path) }

    /// Whether a file exists and is locked. Other processes that lock it at the same time aren't disturbed.
    package static func isLocked(_ path: String) -> Bool {
        let file = open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        let (result, lock) = perform(.get, on: file)
        return result == 0 && lock.l_type != F_UNLCK
    }

    /// The commands of `fcntl(2)` for open file description locks. Their names in C need `_GNU_SOURCE`, which Swift's module lacks.
    private enum Command: Int32 {
        /// `F_OFD_GETLK`
        case get = 36
        /// `F_OFD_SETLK`
        case set = 37
    }

    /// Runs a command for a write lock on the whole file.
    private static func perform(_ command: Command, on file: Int32) -> (result: Int32, lock: flock) {
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        let result = fcntl(file, command.rawValue, &lock)
        return (result, lock)
    }
}
