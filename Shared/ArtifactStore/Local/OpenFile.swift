import Glibc
import NIOCore

/// A file descriptor that is closed with its last reference.
///
/// All methods block. Call them on the store's threads.
final class OpenFile: Sendable {
    let descriptor: CInt

    /// Takes ownership of the descriptor.
    init(descriptor: CInt) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    func status() throws(SystemError) -> stat {
        var status = stat()
        try systemCall("fstat") { fstat(descriptor, &status) }
        return status
    }

    /// Reads up to `count` bytes from `offset`; fewer only at the end of the file.
    func read(at offset: Int64, count: Int) throws(SystemError) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: count)
        while buffer.readableBytes < count {
            let done = buffer.readableBytes
            var failure: SystemError?
            let received = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count - done) { space in
                do throws(SystemError) {
                    return try systemCall("pread") {
                        pread(descriptor, space.baseAddress, count - done, off_t(offset) + off_t(done))
                    }
                } catch {
                    failure = error
                    return 0
                }
            }
            if let failure { throw failure }
            if received == 0 { break }
        }
        return buffer
    }

    /// Appends the whole batch.
    func write(_ batch: ByteBatch) throws(SystemError) {
        for chunk in batch.chunks {
            var rest = chunk
            while rest.readableBytes > 0 {
                let written = try rest.withUnsafeReadableBytes { bytes throws(SystemError) in
                    try systemCall("write") { Glibc.write(descriptor, bytes.baseAddress, bytes.count) }
                }
                rest.moveReaderIndex(forwardBy: written)
            }
        }
    }

    /// Makes the contents, or a directory's entries, durable.
    func synchronize() throws(SystemError) {
        try systemCall("fsync") { fsync(descriptor) }
    }
}
