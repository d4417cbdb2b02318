import NIOCore

/// A batch of chunks to be written or sent together.
///
/// Small chunks are joined, so that a body in one-byte chunks doesn't use more memory than its bytes.
struct ByteBatch: Sendable {
    private(set) var chunks: [ByteBuffer] = []
    private(set) var count = 0

    private static let smallChunk = 16 * 1024
    private static let joinedChunk = 64 * 1024

    mutating func append(_ chunk: ByteBuffer) {
        guard chunk.readableBytes > 0 else { return }
        count += chunk.readableBytes
        if let last = chunks.indices.last, chunk.readableBytes < Self.smallChunk,
            chunks[last].readableBytes < Self.joinedChunk
        {
            chunks[last].writeImmutableBuffer(chunk)
        } else {
            chunks.append(chunk)
        }
    }

    /// Moves bytes from the start of `source` until the batch has `limit` bytes or `source` is empty.
    mutating func fill(from source: inout ByteBuffer, upTo limit: Int) {
        let requested = Swift.min(source.readableBytes, Swift.max(0, limit - count))
        if let slice = source.readSlice(length: requested) { append(slice) }
    }

    /// Returns the contents and empties the batch.
    mutating func take() -> ByteBatch {
        defer { self = ByteBatch() }
        return self
    }
}

extension ByteBatch: AsyncSequence {
    typealias Element = ByteBuffer
    typealias Failure = Never

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(base: chunks.makeIterator())
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: Array<ByteBuffer>.Iterator

        mutating func next() async -> ByteBuffer? { base.next() }
    }
}
