internal import Synchronization

/// How an endpoint has been doing, by what its calls have shown.
final class TargetHealth: Sendable {
    /// Failures in a row after which it is left alone for a while.
    private static let allowedFailures = 5

    private struct State {
        var failures = 0
        var cooldownUntil = ContinuousClock.now
        var cooldowns = 0
        var inFlight = 0
    }

    private let state = Mutex(State())

    /// Whether it should be called now, if there's a choice.
    var isAvailable: Bool { state.withLock { $0.cooldownUntil <= .now } }

    /// Calls under way.
    var inFlight: Int { state.withLock { $0.inFlight } }

    func began() { state.withLock { $0.inFlight += 1 } }

    func ended() { state.withLock { $0.inFlight -= 1 } }

    func succeeded() {
        state.withLock { state in
            state.failures = 0
            state.cooldowns = 0
        }
    }

    /// A failure that is not the request's fault. After some in a row, the endpoint rests, longer each time: from 5 seconds to a
    /// minute; then one failure is enough for the next rest.
    func failed() {
        state.withLock { state in
            state.failures += 1
            guard state.failures >= Self.allowedFailures, state.cooldownUntil <= .now else { return }
            state.cooldowns = min(state.cooldowns + 1, 5)
            state.cooldownUntil = .now + min(.seconds(60), .seconds(5) * (1 << (state.cooldowns - 1)))
        }
    }

    /// The provider wants no calls for a while.
    func coolDown(_ duration: Duration) {
        state.withLock { $0.cooldownUntil = max($0.cooldownUntil, .now + min(duration, .seconds(60))) }
    }
}
