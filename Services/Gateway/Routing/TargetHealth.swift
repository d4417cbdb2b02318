internal import Synchronization

/// The health of an endpoint, derived from the results of its calls.
final class TargetHealth: Sendable {
    /// Consecutive failures after which the endpoint enters a cooldown.
    private static let failureThreshold = 5

    private struct State {
        var failures = 0
        var cooldownUntil = ContinuousClock.now
        var cooldowns = 0
        var inFlight = 0
    }

    private let state = Mutex(State())

    /// Whether the endpoint isn't in a cooldown. Endpoints in cooldown are only called if there is no other.
    var isAvailable: Bool { state.withLock { $0.cooldownUntil <= .now } }

    /// The number of calls in flight.
    var inFlight: Int { state.withLock { $0.inFlight } }

    /// Counts the start of a call.
    func callStarted() { state.withLock { $0.inFlight += 1 } }

    /// Counts the end of a call.
    func callEnded() { state.withLock { $0.inFlight -= 1 } }

    /// Records a successful call, which resets the consecutive failures and the cooldown duration.
    func callSucceeded() {
        state.withLock { state in
            state.failures = 0
            state.cooldowns = 0
        }
    }

    /// Records a failure that is not the request's fault. After `failureThreshold` consecutive failures the endpoint enters a cooldown,
    /// which doubles each time from 5 seconds to a minute; after the first one, a single failure starts the next.
    func callFailed() {
        state.withLock { state in
            state.failures += 1
            guard state.failures >= Self.failureThreshold, state.cooldownUntil <= .now else { return }
            state.cooldowns = min(state.cooldowns + 1, 5)
            state.cooldownUntil = .now + min(.seconds(60), .seconds(5) * (1 << (state.cooldowns - 1)))
        }
    }

    /// Starts a cooldown that the provider asked for, of at most a minute.
    func coolDown(_ duration: Duration) {
        state.withLock { $0.cooldownUntil = max($0.cooldownUntil, .now + min(duration, .seconds(60))) }
    }
}
