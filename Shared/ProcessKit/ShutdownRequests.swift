internal import Glibc
internal import Synchronization
internal import UnixSignals

/// Shutdown requests. The first one starts a graceful shutdown, the second one forces it.
package final class ShutdownRequests: Sendable {
    /// Opens at the first request.
    package let graceful = Latch()
    /// Opens at the second request.
    package let forced = Latch()
    private let count = Mutex(0)

    package init() {}

    /// Records a request.
    package func receive() {
        let number = count.withLock { count in
            count += 1
            return count
        }
        (number == 1 ? graceful : forced).open()
    }

    /// Runs `body` with the requests from signals: SIGINT (Ctrl-C), SIGTERM and SIGHUP. From now on, these signals don't terminate the
    /// process.
    package static func whileListening<Result: Sendable>(
        _ body: @Sendable (ShutdownRequests) async throws -> Result
    ) async rethrows -> Result {
        // Writing to a closed terminal or pipe must not terminate this process before it has stopped its children.
        signal(SIGPIPE, SIG_IGN)
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
        let requests = ShutdownRequests()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in signals { requests.receive() } }
            defer { group.cancelAll() }
            return try await body(requests)
        }
    }
}
