internal import Glibc

/// Reads the small files beside a plugin.
enum PluginFile {
    /// The bytes of a regular file.
    ///
    /// - Throws: `PluginError` when there is none or it is longer than `limit`: nothing else is read, so that a pipe or a device
    ///   can't hold up the start.
    static func read(_ path: String, limit: Int) throws -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw PluginError("\(path) can't be read") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw PluginError("\(path) is not a file") }
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
}
