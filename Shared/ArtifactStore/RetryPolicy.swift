/// How often transient failures are retried, with exponential backoff and jitter.
package struct RetryPolicy: Sendable {
    /// The maximum number of attempts.
    package let attempts: Int

    /// The maximum pause before the second attempt. It doubles for each further attempt.
    private static let initialPause = Duration.milliseconds(100)
    private static let maxPause = Duration.seconds(5)

    private let sleep: @Sendable (Duration) async throws -> Void
    private let random: @Sendable () -> Double

    /// - Parameters:
    ///   - sleep: waits; throws when the task is cancelled.
    ///   - random: returns a number from 0 to 1, for the jitter.
    package init(
        attempts: Int = 5,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.attempts = attempts
        self.sleep = sleep
        self.random = random
    }

    /// Waits before retrying a request that has failed `failures` times in a row.
    func pause(afterFailures failures: Int) async throws {
        let pauseLimit = min(Self.maxPause, Self.initialPause * (1 << min(failures - 1, 16)))
        try await sleep(pauseLimit * random())
    }

    /// Runs `operation` until it succeeds, fails with a permanent error, or no attempts are left.
    func run<Result>(
        isTransient: (any Error) -> Bool, _ operation: () async throws -> Result
    ) async throws -> Result {
        var failures = 0
        while true {
            do {
                return try await operation()
            } catch {
                failures += 1
                guard failures < attempts, isTransient(error) else { throw error }
                try await pause(afterFailures: failures)
            }
        }
    }
}
