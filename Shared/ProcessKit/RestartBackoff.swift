/// Computes the pause before a crashed process is restarted: exponential backoff with jitter, so that processes that crash together don't
/// restart together.
package struct RestartBackoff {
    /// The first pause in seconds.
    static let minimum = 0.2
    /// The longest pause in seconds.
    static let maximum = 10.0
    /// How long a process must be healthy to count as recovered, after which the pauses start over.
    static let resetAfter = Duration.seconds(60)

    private var failures = 0
    private let random: @Sendable () -> Double

    /// - Parameter random: returns a random number from 0 to 1.
    package init(random: @escaping @Sendable () -> Double) {
        self.random = random
    }

    /// The pause after another failure.
    ///
    /// - Parameter healthy: how long the process was healthy before it failed.
    package mutating func next(healthyFor healthy: Duration) -> Duration {
        if healthy >= Self.resetAfter { failures = 0 }
        var pause = Self.minimum
        for _ in 0..<failures where pause < Self.maximum { pause *= 2 }
        failures += 1
        // Jitter from 80% to 120%.
        let jitter = 0.8 + 0.4 * random()
        return .milliseconds(Int(1000 * min(max(pause * jitter, Self.minimum), Self.maximum)))
    }
}
