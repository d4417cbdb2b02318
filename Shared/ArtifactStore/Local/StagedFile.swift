import Glibc

/// A file that is being written and isn't visible until it is published under its name.
///
/// If the file system supports it, the file has no name, so that a killed process leaves nothing behind. Otherwise (NFS), it has a name
/// that listings hide. All methods block.
final class StagedFile: Sendable {
    /// The prefix of hidden files. It is MLflow's prefix, so that both servers can use the same directory.
    static let hiddenPrefix = ".artifact.uploading."

    /// O_TMPFILE, a macro that Swift can't import: `__O_TMPFILE | O_DIRECTORY` of asm-generic/fcntl.h.
    private static let unnamed: CInt = 0o20000000 | O_DIRECTORY
    /// The mode of new files: owner only. The umask may restrict it further.
    private static let mode: mode_t = 0o600

    private let file: OpenFile
    private let directory: Directory
    /// The hidden name in `directory`; `nil` for a file without a name.
    private let hiddenName: String?

    /// Creates an empty file on the file system of `directory`.
    ///
    /// - Parameter mayBeUnnamed: `false` to use a hidden name even if the file system supports unnamed files.
    init(in directory: Directory, mayBeUnnamed: Bool = true) throws(SystemError) {
        self.directory = directory
        if mayBeUnnamed, let descriptor = try Self.openUnnamed(in: directory) {
            hiddenName = nil
            file = OpenFile(descriptor: descriptor)
            return
        }
        let name = Self.randomName()
        hiddenName = name
        file = OpenFile(
            descriptor: try systemCall("openat") {
                openat(directory.file.descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, Self.mode)
            })
    }

    func write(_ batch: ByteBatch) throws(SystemError) {
        try file.write(batch)
    }

    /// Makes the file durable and then visible as `name` in `target`, replacing an existing file.
    ///
    /// Throws EISDIR if `name` is a directory. Can be called again after an error.
    func publish(in target: Directory, as name: String) throws(SystemError) {
        try file.synchronize()
        if let hiddenName {
            try rename(hiddenName, in: directory, to: name, in: target)
        } else {
            do throws(SystemError) {
                try link(as: name, in: target)
            } catch {
                guard error.code == EEXIST else { throw error }
                try replace(name, in: target)
            }
        }
        try target.file.synchronize()
    }

    /// Removes the file if it hasn't been published.
    func discard() {
        // Ignores a failure: the name is hidden.
        if let hiddenName { unlinkat(directory.file.descriptor, hiddenName, 0) }
    }
}

extension StagedFile {
    /// Returns `nil` if the file system doesn't support unnamed files, or there is no /proc to link one later.
    private static func openUnnamed(in directory: Directory) throws(SystemError) -> CInt? {
        guard access("/proc/self/fd", X_OK) == 0 else { return nil }
        do throws(SystemError) {
            return try systemCall("openat") {
                openat(directory.file.descriptor, ".", O_WRONLY | unnamed | O_CLOEXEC, mode)
            }
        } catch {
            // ext4 returns EPERM for a deleted directory; creating a named file then reports the right error.
            if [EOPNOTSUPP, EISDIR, EINVAL, ENOENT, EPERM].contains(error.code) { return nil }
            throw error
        }
    }

    private static func randomName() -> String {
        hiddenPrefix + String(UInt64.random(in: .min ... .max), radix: 16)
    }

    /// Links the file under a temporary hidden name and renames it, because `linkat` can't replace a file.
    private func replace(_ name: String, in target: Directory) throws(SystemError) {
        let between = Self.randomName()
        try link(as: between, in: target)
        do throws(SystemError) {
            try rename(between, in: target, to: name, in: target)
        } catch {
            unlinkat(target.file.descriptor, between, 0)
            throw error
        }
    }

    private func link(as name: String, in target: Directory) throws(SystemError) {
        try systemCall("linkat") {
            linkat(
                AT_FDCWD, "/proc/self/fd/\(file.descriptor)", target.file.descriptor, name, AT_SYMLINK_FOLLOW)
        }
    }

    private func rename(_ name: String, in source: Directory, to newName: String, in target: Directory)
        throws(SystemError)
    {
        try systemCall("renameat") {
            renameat(source.file.descriptor, name, target.file.descriptor, newName)
        }
    }
}
