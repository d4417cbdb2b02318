internal import CProcess
internal import Foundation
internal import ServiceKit

/// The folder in which a suite keeps its databases, its artifacts, its lock and its state.
package struct DataDirectory: Sendable {
    package let path: String

    /// - Parameter path: may be relative to the working directory.
    package init(path: String) {
        self.path = URL(fileURLWithPath: path).standardizedFileURL.path
    }

    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Makes the folder, for its owner only, unless it is there.
    ///
    /// - Throws: `ConfigurationError`.
    package func create() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ConfigurationError("--data-dir: can't make the folder \(path): \(Self.reason(error))")
        }
    }

    /// - Throws: `ConfigurationError` unless the folder is there: a mistyped one must not be taken for one without data.
    package func requireExistence() throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            throw ConfigurationError("--data-dir: there is no data folder \(path); `unladen up` makes it when it first starts")
        }
    }

    /// Claims the folder for this process, for as long as the lock lives.
    ///
    /// - Throws: `ConfigurationError` when another process has it.
    package func lock() throws -> DataDirectoryLock {
        let file = open(self.file(DataDirectoryLock.fileName), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw ConfigurationError("--data-dir: can't write in \(path): \(String(cString: strerror(errno)))")
        }
        guard unladen_lock(file) == 0 else {
            close(file)
            let holder = owner.map { " (process \($0))" } ?? ""
            throw ConfigurationError(
                "another unladen\(holder) works on \(path); stop it first, or choose another --data-dir")
        }
        let lock = DataDirectoryLock(file: file)
        lock.writeProcessID()
        return lock
    }

    /// The process that has claimed the folder, if one has.
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

/// The claim on a data folder; it ends with the process at the latest, however that ends.
package final class DataDirectoryLock: Sendable {
    static let fileName = "unladen.lock"

    private let file: Int32

    fileprivate init(file: Int32) {
        self.file = file
    }

    deinit {
        close(file)
    }

    /// Writes our process id into the file, for the messages of others.
    fileprivate func writeProcessID() {
        let text = "\(getpid())\n"
        _ = ftruncate(file, 0)
        _ = pwrite(file, text, text.utf8.count, 0)
    }
}
