internal import NIOCore

/// The body of a request that is handled while the body is still arriving.
final class StreamingRequestBody: AsyncSequence, @unchecked Sendable {
    // `@unchecked`: all mutable state is confined to the connection's event loop.
    typealias Element = ByteBuffer

    private let connection: ClientConnection
    private var parts = CircularBuffer<ByteBuffer>()
    /// Bytes received but not yet read by the handler.
    private(set) var bufferedBytes = 0
    var bufferedParts: Int { parts.count }
    private var end: Result<ByteBuffer?, any Error>?
    private var reader: CheckedContinuation<ByteBuffer?, any Error>?

    init(of connection: ClientConnection) {
        self.connection = connection
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        let body: StreamingRequestBody

        func next() async throws -> ByteBuffer? { try await body.next() }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body: self) }

    private func next() async throws -> ByteBuffer? {
        if connection.loop.inEventLoop, let part = popPart() { return part }
        return try await withCheckedThrowingContinuation { reader in
            connection.onLoop { self.read(reader) }
        }
    }

    private func read(_ reader: CheckedContinuation<ByteBuffer?, any Error>) {
        if let part = popPart() { return reader.resume(returning: part) }
        if let end { return reader.resume(with: end) }
        // A body has only one reader.
        guard self.reader == nil else { return reader.resume(throwing: ChannelError.operationUnsupported) }
        self.reader = reader
        connection.bodyRequested()
    }

    private func popPart() -> ByteBuffer? {
        guard let part = parts.popFirst() else { return nil }
        bufferedBytes -= part.readableBytes
        connection.updateReading()
        return part
    }

    // MARK: Input from the connection

    func push(_ part: ByteBuffer) {
        guard end == nil else { return }
        if let reader {
            self.reader = nil
            reader.resume(returning: part)
        } else {
            parts.append(part)
            bufferedBytes += part.readableBytes
        }
    }

    /// Ends the body.
    ///
    /// - Parameter error: why the body is incomplete; `nil` if it is complete.
    func finish(_ error: (any Error)? = nil) {
        guard end == nil else { return }
        let end: Result<ByteBuffer?, any Error> = error.map { .failure($0) } ?? .success(nil)
        self.end = end
        reader?.resume(with: end)
        reader = nil
    }
}
