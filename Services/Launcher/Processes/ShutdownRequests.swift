internal import Glibc
internal import Synchronization
internal import UnixSignals

/// Requests to stop. The first one asks, the second one insists.
package final class ShutdownRequests: Sendable {
    /// Opens with the first request.
    package let graceful = Latch()
    /// Opens with the second request.
    package let forced = Latch()
    private let count = Mutex(0)

    package init() {}

    package func receive() {
        let number = count.withLock { count in
            count += 1
            return count
        }
        (number == 1 ? graceful : forced).open()
    }

    /// Runs `body` with the requests of users and service managers: Ctrl-C, SIGTERM, and the end of the terminal. From now
    /// on, these signals don't end the process by themselves.
    package static func whileListening<Result: Sendable>(
        _ body: @Sendable (ShutdownRequests) async throws -> Result
    ) async rethrows -> Result {
        // A terminal or a pipe that is gone must not end us before the children are stopped.
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
