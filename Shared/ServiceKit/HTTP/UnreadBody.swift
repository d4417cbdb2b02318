internal import Hummingbird
internal import NIOCore

/// The body of a large request, of which the rest can still be read after a handler has given up on it.
///
/// A client that is still sending doesn't look for an answer, and gets none when the connection ends under it: what it sends
/// must be taken, within a bound, before it is told that it was refused.
final class UnreadBody: AsyncSequence, @unchecked Sendable {
    // `@unchecked`: a request is handled by one task, which iterates first in the handler and then here, never at once.
    typealias Element = ByteBuffer

    /// Requests smaller than this fit the buffers of the connection.
    private static let smallest = 64 << 10
    /// Beyond this a client that doesn't listen is cut off.
    private static let limit = 1 << 30

    private var iterator: RequestBody.AsyncIterator

    /// - Returns: `nil` when the request is so small that nothing can be left.
    init?(of request: Request) {
        let size = request.headers[.contentLength].flatMap { Int($0) }
        guard size.map({ $0 > Self.smallest }) ?? (request.headers[.transferEncoding] != nil) else { return nil }
        iterator = request.body.makeAsyncIterator()
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        let body: UnreadBody

        func next() async throws -> ByteBuffer? { try await body.iterator.next() }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body: self) }

    /// Takes what is left.
    func drain() async {
        var taken = 0
        while taken < Self.limit, let chunk = try? await iterator.next() { taken += chunk.readableBytes }
    }
}
