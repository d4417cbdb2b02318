internal import ServiceKit

/// How long to wait before a service that has died is started again: longer after each failure in a row, and never the
/// same for two services, so that those which died together don't come back together.
struct RestartBackoff {
    static let minimum = 0.2
    static let maximum = 10.0
    /// A service that was ready for this long has recovered: the next failure is a first one again.
    static let resetAfter = Duration.seconds(60)

    private var failures = 0
    private let random: RandomSource

    init(random: RandomSource) {
        self.random = random
    }

    /// The pause after one more failure.
    ///
    /// - Parameter healthy: how long the service was ready before it died.
    mutating func next(healthyFor healthy: Duration) -> Duration {
        if healthy >= Self.resetAfter { failures = 0 }
        var pause = Self.minimum
        for _ in 0..<failures where pause < Self.maximum { pause *= 2 }
        failures += 1
        // From 80 % to 120 %.
        let jitter = 0.8 + 0.4 * Double(random.number(below: 1001)) / 1000
        return .milliseconds(Int(1000 * min(max(pause * jitter, Self.minimum), Self.maximum)))
    }
}
