import ArtifactStore
import NIOCore

/// A body with the given chunks, which optionally fails after the last one.
struct ChunkedBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    typealias Failure = any Error

    struct Broken: Error {}

    var chunks: [ByteBuffer]
    var isBroken = false

    init(_ text: String) { chunks = [ByteBuffer(string: text)] }

    init(_ bytes: [UInt8], chunk: Int = .max) {
        chunks = stride(from: 0, to: bytes.count, by: Swift.min(chunk, Swift.max(1, bytes.count))).map {
            ByteBuffer(bytes: bytes[$0..<Swift.min(bytes.count, $0 + Swift.min(chunk, bytes.count))])
        }
    }

    init(repeating byte: UInt8, count: Int, chunk: Int = 64 * 1024, isBroken: Bool = false) {
        let whole = ByteBuffer(repeating: byte, count: chunk)
        chunks = Array(repeating: whole, count: count / chunk)
        if count % chunk > 0 { chunks.append(ByteBuffer(repeating: byte, count: count % chunk)) }
        self.isBroken = isBroken
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(base: chunks.makeIterator(), isBroken: isBroken)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: Array<ByteBuffer>.Iterator
        let isBroken: Bool

        mutating func next() async throws -> ByteBuffer? {
            if let chunk = base.next() { return chunk }
            if isBroken { throw Broken() }
            return nil
        }
    }
}

/// A body that returns some bytes, signals that, and then waits until its reader is cancelled.
struct StalledBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    typealias Failure = any Error

    let chunk: ByteBuffer
    private let stalled: AsyncStream<Void>.Continuation
    private let isStalled: AsyncStream<Void>

    init(chunk: ByteBuffer) {
        self.chunk = chunk
        (isStalled, stalled) = AsyncStream.makeStream()
    }

    /// Returns when the reader has consumed the chunk and requests more.
    func waitUntilStalled() async {
        for await _ in isStalled { return }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(chunk: chunk, stalled: stalled)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        var chunk: ByteBuffer?
        let stalled: AsyncStream<Void>.Continuation

        mutating func next() async throws -> ByteBuffer? {
            if let chunk {
                self.chunk = nil
                return chunk
            }
            stalled.yield()
            let (never, _) = AsyncStream<Void>.makeStream()
            for await _ in never {}
            // Ends without an error, like AsyncStream.
            return nil
        }
    }
}

extension ArtifactContent {
    /// All bytes of the body.
    func bytes() async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in body { bytes += chunk.readableBytesView }
        return bytes
    }
}

extension ArtifactStore {
    func write(_ path: ArtifactPath, _ text: String) async throws {
        try await write(path, size: nil, body: ChunkedBody(text))
    }

    /// All bytes of a file as text.
    func text(_ path: ArtifactPath) async throws -> String {
        String(decoding: try await read(path).bytes(), as: UTF8.self)
    }
}

/// The code of the ``ArtifactError`` that `work` throws; `nil` if it doesn't throw.
func code(_ work: () async throws -> Void) async throws -> ArtifactError.Code? {
    do {
        try await work()
        return nil
    } catch let error as ArtifactError {
        return error.code
    }
}
