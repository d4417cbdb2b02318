internal import Glibc
internal import ServiceKit

/// A file to which lines are appended, each with one system call. What was appended survives a crash of the process.
struct UsageLogFile: ~Copyable {
    let path: String
    private let file: Int32
    /// Bytes written.
    private(set) var size = 0
    /// Whether the last line is incomplete, usually because the disk is full.
    private var isTorn = false

    /// Creates the file, which must not exist.
    init(path: String) throws(UsageLogError) {
        file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw UsageLogError("can't write \(path): \(errnoMessage)") }
        self.path = path
    }

    deinit { close(file) }

    /// Appends a line, including its line break.
    mutating func append(_ bytes: [UInt8]) throws(UsageLogError) {
        // The next line must not become part of an incomplete one.
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

    /// Waits until the data is on disk.
    func sync() { _ = fdatasync(file) }
}

/// A failed write to the usage log.
struct UsageLogError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The system's message for the last failed call.
var errnoMessage: String { String(cString: strerror(errno)) }
