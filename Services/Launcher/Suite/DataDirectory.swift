internal import CProcess
internal import Foundation
internal import ServiceKit

/// The directory with a suite's databases, artifacts, lock and state.
package struct DataDirectory: Sendable {
    /// The absolute path.
    package let path: String

    /// - Parameter path: the path, which may be relative to the working directory.
    package init(path: String) {
        self.path = URL(fileURLWithPath: path).standardizedFileURL.path
    }

    /// The path of a file in the directory.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Creates the directory, with access for its owner only, unless it exists.
    ///
    /// - Throws: `ConfigurationError`.
    package func create() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ConfigurationError("--data-dir: can't create the directory \(path): \(Self.reason(error)).")
        }
    }

    /// Checks that the directory exists, so that a mistyped path isn't mistaken for a directory without data.
    ///
    /// - Throws: `ConfigurationError` when it doesn't exist.
    package func requireExistence() throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            throw ConfigurationError("--data-dir: the directory \(path) doesn't exist. `unladen up` creates it when it first starts.")
        }
    }

    /// Locks the directory for this process, for the lifetime of the returned lock.
    ///
    /// - Throws: `ConfigurationError` when another process has locked it.
    package func lock() throws -> DataDirectoryLock {
        let file = open(self.file(DataDirectoryLock.fileName), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw ConfigurationError("--data-dir: can't write to \(path): \(String(cString: strerror(errno))).")
        }
        guard unladen_lock(file) == 0 else {
            close(file)
            let holder = owner.map { " (process \($0))" } ?? ""
            throw ConfigurationError(
                "--data-dir: another suite\(holder) is running on \(path). Stop it first or choose another directory.")
        }
        let lock = DataDirectoryLock(file: file)
        lock.writeProcessID()
        return lock
    }

    /// The ID of the process that has locked the directory; `nil` if it isn't locked.
    package var owner: Int32? {
        let file = open(self.file(DataDirectoryLock.fileName), O_RDWR | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        guard unladen_is_locked(file) == 1 else { return nil }
        let text = try? String(contentsOfFile: self.file(DataDirectoryLock.fileName), encoding: .utf8)
        return text.flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    private static func reason(_ error: any Error) -> String {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        return (cause ?? error as NSError).localizedDescription
    }
}

/// A lock on a data directory. The kernel releases it when the process ends.
package final class DataDirectoryLock: Sendable {
    static let fileName = "unladen.lock"

    private let file: Int32

    fileprivate init(file: Int32) {
        self.file = file
    }

    deinit {
        close(file)
    }

    /// Writes our process ID into the file, for the error messages of other processes.
    fileprivate func writeProcessID() {
        let text = "\(getpid())\n"
        _ = ftruncate(file, 0)
        _ = pwrite(file, text, text.utf8.count, 0)
    }
}
