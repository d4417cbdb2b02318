internal import Glibc
internal import ServiceKit

/// A file to which lines are appended, each with one call of the system: what was appended survives the end of the process.
struct UsageLogFile: ~Copyable {
    let path: String
    private let file: Int32
    private(set) var size = 0
    /// Whether the last line was cut off: by a full disk, as a rule.
    private var isTorn = false

    /// Makes the file; it must not exist.
    init(path: String) throws(UsageLogError) {
        file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw UsageLogError("can't write \(path): \(errnoMessage)") }
        self.path = path
    }

    deinit { close(file) }

    mutating func append(_ bytes: [UInt8]) throws(UsageLogError) {
        // What follows a line that was cut off must not become a part of it.
        let bytes = isTorn ? [UInt8(ascii: "\n")] + bytes : bytes
        isTorn = true
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { write(file, $0.baseAddress.map { $0 + written }, $0.count - written) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw UsageLogError("can't write \(path): \(errnoMessage)") }
            written += count
        }
        isTorn = false
        size += written
    }

    /// Waits until it is on the disk.
    func sync() { _ = fdatasync(file) }
}

struct UsageLogError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}

/// What the system says of the last call that failed.
var errnoMessage: String { String(cString: strerror(errno)) }
