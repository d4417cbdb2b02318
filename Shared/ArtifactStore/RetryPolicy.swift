/// How often, and after which pauses, a request that may succeed the next time is sent again.
package struct RetryPolicy: Sendable {
    /// How often a request is sent at most.
    package let attempts: Int

    /// The pauseLimit pause before the second attempt; each further one may be twice as long.
    private static let initialPause = Duration.milliseconds(100)
    private static let maxPause = Duration.seconds(5)

    private let sleep: @Sendable (Duration) async throws -> Void
    private let random: @Sendable () -> Double

    /// - Parameters:
    ///   - sleep: Pauses; throws when the task is cancelled.
    ///   - random: Gives a number from 0 up to 1, by which pauses are spread out.
    package init(
        attempts: Int = 5,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.attempts = attempts
        self.sleep = sleep
        self.random = random
    }

    /// Pauses before the request is sent again that has failed `failures` times in a row.
    func pause(afterFailures failures: Int) async throws {
        let pauseLimit = min(Self.maxPause, Self.initialPause * (1 << min(failures - 1, 16)))
        try await sleep(pauseLimit * random())
    }

    /// The result of `operation`, which is run until it doesn't throw, the error isn't transient, or there are no
    /// attempts left.
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
