/// A gate that lets one waiter through each time it is opened.
final class Gate: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func open() { continuation.yield() }

    /// Opens the gate permanently.
    func remove() { continuation.finish() }

    func wait() async { for await _ in stream { return } }
}
