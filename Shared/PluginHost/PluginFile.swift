internal import Glibc

/// Reads the small files that accompany a plugin.
enum PluginFile {
    /// Reads a regular file of at most `limit` bytes. Other files, such as pipes and devices, are not read, since they could block startup.
    ///
    /// - Throws: `PluginError` when the file can't be read, is not a regular file, or is too long.
    static func read(_ path: String, limit: Int) throws -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw PluginError("\(path) can't be read") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw PluginError("\(path) is not a regular file") }
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
