internal import Synchronization

/// Allows one event per interval, so that an error that repeats a thousand times per second doesn't flood the log.
final class LogThrottle: Sendable {
    private let pause: Duration
    private let next = Mutex<ContinuousClock.Instant?>(nil)

    /// - Parameter pause: the minimum interval between two events.
    init(every pause: Duration) {
        self.pause = pause
    }

    /// Whether an event may be logged now.
    func allows(now: ContinuousClock.Instant = .now) -> Bool {
        next.withLock { next in
            guard next.map({ now >= $0 }) ?? true else { return false }
            next = now + pause
            return true
        }
    }
}
