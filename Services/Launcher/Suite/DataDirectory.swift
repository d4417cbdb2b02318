internal import Foundation
package import Primitives
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
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw ConfigurationError("--data-dir: the directory \(path) doesn't exist. `unladen up` creates it when it first starts.")
        }
    }

    /// Locks the directory for this process, for the lifetime of the returned lock.
    ///
    /// - Throws: `ConfigurationError` when another process has locked it.
    package func lock() throws -> FileLock {
        do throws(FileLock.Failure) {
            let lock = try FileLock(path: lockPath)
            // For the error messages of other processes.
            lock.write("\(getpid())\n")
            return lock
        } catch {
            switch error {
            case .unavailable(let reason): throw ConfigurationError("--data-dir: can't write to \(path): \(reason).")
            case .alreadyLocked:
                let holder = owner.map { " (process \($0))" } ?? ""
                throw ConfigurationError(
                    "--data-dir: another suite\(holder) is running on \(path). Stop it first or choose another directory.")
            }
        }
    }

    /// The ID of the process that has locked the directory; `nil` if it isn't locked.
    package var owner: Int32? {
        guard FileLock.isLocked(lockPath) else { return nil }
        let text = try? String(contentsOfFile: lockPath, encoding: .utf8)
        return text.flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    private var lockPath: String { file("unladen.lock") }

    private static func reason(_ error: any Error) -> String {
        let error = error as NSError
        let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
        guard cause.domain == NSPOSIXErrorDomain, let code = Int32(exactly: cause.code) else {
            // A sentence with a period.
            return cause.localizedDescription.trimmingCharacters(in: ["."])
        }
        return String(cString: strerror(code))
    }
}
