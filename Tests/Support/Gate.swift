/// A gate that lets one waiter through each time it is opened.
package final class Gate: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    package init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    package func open() { continuation.yield() }

    /// Opens the gate permanently.
    package func remove() { continuation.finish() }

    package func wait() async { for await _ in stream { return } }
}
