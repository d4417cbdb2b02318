/// Pauses after consecutive failures, each twice as long as the one before, up to a maximum.
package struct ExponentialBackoff: Sendable {
    private let first: Duration
    private let maximum: Duration

    /// - Parameter first: the pause after the first failure.
    package init(first: Duration, maximum: Duration) {
        self.first = first
        self.maximum = maximum
    }

    /// The same pause after each failure.
    package static func constant(_ pause: Duration) -> ExponentialBackoff { ExponentialBackoff(first: pause, maximum: pause) }

    /// The pause after a number of consecutive failures, at least one.
    package func pause(afterFailures failures: Int) -> Duration {
        // Sixteen doublings exceed any useful maximum.
        min(maximum, first * (1 << min(max(failures - 1, 0), 16)))
    }
}
