import Glibc

/// A file that is being written and that nobody sees until it is published under its name.
///
/// Where the file system can, the file has no name at all, so that even a killed process leaves nothing behind.
/// Elsewhere (NFS) it has one that listings hide. All methods block.
final class StagedFile: Sendable {
    /// Files of this prefix are never listed. It is MLflow's, so that both can work in one folder.
    static let hiddenPrefix = ".artifact.uploading."

    /// O_TMPFILE, a macro that Swift can't import: `__O_TMPFILE | O_DIRECTORY` of asm-generic/fcntl.h.
    private static let unnamed: CInt = 0o20000000 | O_DIRECTORY
    /// For the owner only; the umask may narrow it further.
    private static let mode: mode_t = 0o600

    private let file: OpenFile
    private let directory: Directory
    /// The hidden name in `directory`; nil for a file without a name.
    private let hiddenName: String?

    /// Opens an empty file on the file system of `directory`.
    ///
    /// - Parameter mayBeUnnamed: False to give the file a hidden name even where it could do without.
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

    /// Makes the file durable, and then visible as `name` in `target`, in place of what has that name.
    ///
    /// Throws EISDIR when that is a directory. May be called again when it threw.
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

    /// Removes what there is of the file. Not needed, and harmless, once it is published.
    func discard() {
        // Nothing is left to do about a failure; the name stays hidden.
        if let hiddenName { unlinkat(directory.file.descriptor, hiddenName, 0) }
    }
}

extension StagedFile {
    /// nil when the file system has no files without a name, or there is no /proc to name one later.
    private static func openUnnamed(in directory: Directory) throws(SystemError) -> CInt? {
        guard access("/proc/self/fd", X_OK) == 0 else { return nil }
        do throws(SystemError) {
            return try systemCall("openat") {
                openat(directory.file.descriptor, ".", O_WRONLY | unnamed | O_CLOEXEC, mode)
            }
        } catch {
            // EPERM is ext4's word for a directory that has been deleted; the attempt with a name finds out.
            if [EOPNOTSUPP, EISDIR, EINVAL, ENOENT, EPERM].contains(error.code) { return nil }
            throw error
        }
    }

    private static func randomName() -> String {
        hiddenPrefix + String(UInt64.random(in: .min ... .max), radix: 16)
    }

    /// Linking can't replace a file and renaming needs a name: a hidden one for an instant.
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
