internal import Synchronization

/// How an endpoint has been doing, by what its calls have shown.
final class TargetHealth: Sendable {
    /// Failures in a row after which it is left alone for a while.
    private static let tolerance = 5

    private struct State {
        var failures = 0
        var pauseUntil = ContinuousClock.now
        var pauses = 0
        var inFlight = 0
    }

    private let state = Mutex(State())

    /// Whether it should be called now, if there's a choice.
    var isUsable: Bool { state.withLock { $0.pauseUntil <= .now } }

    /// Calls under way.
    var inFlight: Int { state.withLock { $0.inFlight } }

    func began() { state.withLock { $0.inFlight += 1 } }

    func ended() { state.withLock { $0.inFlight -= 1 } }

    func succeeded() {
        state.withLock { state in
            state.failures = 0
            state.pauses = 0
        }
    }

    /// A failure that is not the request's fault. After some in a row, the endpoint rests, longer each time: from 5 seconds to a
    /// minute; then one failure is enough for the next rest.
    func failed() {
        state.withLock { state in
            state.failures += 1
            guard state.failures >= Self.tolerance, state.pauseUntil <= .now else { return }
            state.pauses = min(state.pauses + 1, 5)
            state.pauseUntil = .now + min(.seconds(60), .seconds(5) * (1 << (state.pauses - 1)))
        }
    }

    /// The provider wants no calls for a while.
    func rest(_ duration: Duration) { state.withLock { $0.pauseUntil = max($0.pauseUntil, .now + min(duration, .seconds(60))) } }
}
