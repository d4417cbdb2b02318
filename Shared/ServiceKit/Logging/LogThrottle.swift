internal import Synchronization

/// Lets one event through for each span of time, so that a fault that repeats a thousand times a second doesn't fill the log.
final class LogThrottle: Sendable {
    private let pause: Duration
    private let next = Mutex<ContinuousClock.Instant?>(nil)

    /// - Parameter pause: the least time between two events.
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
