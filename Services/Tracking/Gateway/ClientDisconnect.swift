internal import AsyncHTTPClient
internal import HTTPServer
internal import NIOCore
internal import ServiceKit

/// Runs an operation on behalf of a client, and cancels it if the client disconnects before it completes.
func withCancellationOnDisconnect<Result: Sendable>(
    _ context: ServiceRequestContext, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    guard let connection = context.connection else { return try await body() }
    let (departure, signal) = AsyncStream<Void>.makeStream()
    connection.observe { signal.finish() }
    defer { connection.stopObserving() }
    return try await withThrowingTaskGroup(of: Result.self) { group in
        group.addTask { try await body() }
        group.addTask {
            for await _ in departure {}
            throw CancellationError()
        }
        defer { group.cancelAll() }
        guard let result = try await group.next() else { throw CancellationError() }
        return result
    }
}

/// The body of an upstream response, read for a client: when the client disconnects, the upstream call ends too, even if nothing is
/// coming from upstream at that moment.
struct ClientBoundBody: AsyncSequence, Sendable {
    let body: HTTPClientResponse.Body
    let context: ServiceRequestContext

    func makeAsyncIterator() -> Iterator {
        Iterator(parts: Parts(body.makeAsyncIterator()), context: context)
    }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let parts: Parts
        fileprivate let context: ServiceRequestContext

        func next() async throws -> ByteBuffer? {
            try await withCancellationOnDisconnect(context) { try await parts.next() }
        }
    }

    /// `@unchecked`: the iterator waits for each part before it asks for another.
    fileprivate final class Parts: @unchecked Sendable {
        private var iterator: HTTPClientResponse.Body.AsyncIterator

        init(_ iterator: HTTPClientResponse.Body.AsyncIterator) {
            self.iterator = iterator
        }

        func next() async throws -> ByteBuffer? { try await iterator.next() }
    }
}
