import NIOCore
import NIOPosix

/// The bytes of `range` of an open file. Each chunk is read on `threads` on demand.
struct FileChunks: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    typealias Failure = any Error

    /// Large enough to amortize the hop to a thread, small enough for many concurrent readers.
    private static let chunkBytes: Int64 = 256 * 1024

    let file: OpenFile
    let range: Range<Int64>
    let threads: NIOThreadPool

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(file: file, threads: threads, rest: range)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        let file: OpenFile
        let threads: NIOThreadPool
        var rest: Range<Int64>

        mutating func next() async throws -> ByteBuffer? {
            guard !rest.isEmpty else { return nil }
            let offset = rest.lowerBound
            let count = Int(Swift.min(chunkBytes, rest.upperBound - offset))
            let chunk = try await threads.runIfActive { [file] in
                do throws(SystemError) {
                    return try file.read(at: offset, count: count)
                } catch {
                    throw ArtifactError(.unavailable, "The artifact store's file system failed.", cause: error)
                }
            }
            guard chunk.readableBytes == count else {
                throw ArtifactError(.unavailable, "The artifact was truncated while it was being read.")
            }
            rest = (offset + Int64(count))..<rest.upperBound
            return chunk
        }
    }
}
