internal import Synchronization

/// Runs a check that may hang without blocking its callers: concurrent callers share one run, and none waits for longer than the timeout.
final class SingleFlightProbe: Sendable {
    struct TimeoutError: Error, CustomStringConvertible {
        let timeout: Duration

        var description: String { "no response within \(timeout)" }
    }

    private let timeout: Duration
    private let check: @Sendable () async throws -> Void
    private let run = Mutex<Task<Void, any Error>?>(nil)

    init(timeout: Duration, _ check: @escaping @Sendable () async throws -> Void) {
        self.timeout = timeout
        self.check = check
    }

    /// Runs the check or joins the current run.
    ///
    /// - Throws: the error of the check, or `TimeoutError`.
    func run() async throws {
        let task = run.withLock { run in
            if let run { return run }
            let task = Task {
                defer { self.run.withLock { $0 = nil } }
                try await check()
            }
            run = task
            return task
        }
        try await withCheckedThrowingContinuation { continuation in
            let waiter = Mutex<CheckedContinuation<Void, any Error>?>(continuation)
            let resume: @Sendable (Result<Void, any Error>) -> Void = { result in
                waiter.withLock { waiter in
                    defer { waiter = nil }
                    return waiter
                }?.resume(with: result)
            }
            let timer = Task {
                try await Task.sleep(for: timeout)
                resume(.failure(TimeoutError(timeout: timeout)))
            }
            Task {
                resume(await task.result)
                timer.cancel()
            }
        }
    }
}
