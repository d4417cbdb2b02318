internal import Glibc

/// The files of a plugin: its library, its manifest and its self-test. They decide what code the process runs.
enum PluginFile {
    /// Reads a trusted file of at most `limit` bytes.
    ///
    /// - Throws: `PluginError` if the file can't be read, isn't trusted, or is too long.
    static func read(_ path: String, limit: Int) throws -> [UInt8] {
        // Opening a pipe or a device must not block the start.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw PluginError("\(path) can't be read") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw PluginError("\(path) can't be read") }
        try check(status, path)
        guard status.st_size <= limit else { throw PluginError("\(path) is longer than \(limit) bytes") }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var count = 0
        while count < bytes.count {
            let start = count
            let taken = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress.map { $0 + start }, $0.count - start) }
            guard taken > 0 else { break }
            count += taken
        }
        return Array(bytes.prefix(count))
    }

    /// Checks that a file is trusted: a regular file that nobody can change but root, the user of this process, and the file's group.
    ///
    /// - Throws: `PluginError` if it isn't.
    static func check(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { throw PluginError("\(path) can't be read") }
        try check(status, path)
    }

    private static func check(_ status: stat, _ path: String) throws {
        guard status.st_mode & S_IFMT == S_IFREG else { throw PluginError("\(path) is not a regular file") }
        guard status.st_uid == 0 || status.st_uid == geteuid() else {
            throw PluginError(
                "\(path) belongs to user \(status.st_uid), but must belong to root or to user \(geteuid()), who runs this program")
        }
        guard status.st_mode & S_IWOTH == 0 else { throw PluginError("\(path) must not be writable by all users") }
    }
}
