internal import ServiceKit
internal import Synchronization

/// Finished requests on their way to a tracking server. It takes no more than a bound: what doesn't fit is dropped and counted, as
/// traces must not cost the gateway its memory while a tracking server is away.
final class TraceQueue: Sendable {
    private static let countLimit = 10_000
    private static let sizeLimit = 64 << 20

    private struct State {
        var calls: [TraceSettings.Destination: [FinishedCall]] = [:]
        var count = 0
        var size = 0
        var logged: Int64 = 0
        var dropped: Int64 = 0
    }

    private let state = Mutex(State())

    /// The trace of a request, if it's in the sample.
    func trace(of call: GatewayCall, _ settings: TraceSettings?, _ random: RandomSource) -> CallTrace? {
        guard let settings, settings.routes?.contains(call.route.name) ?? true else { return nil }
        guard Double(random.number(below: 1 << 30)) < settings.sample * Double(1 << 30) else { return nil }
        return CallTrace(call, settings, id: random.hexID(), queue: self)
    }

    func add(_ call: FinishedCall) {
        let size = call.size
        state.withLock { state in
            guard state.count < Self.countLimit, state.size + size <= Self.sizeLimit else {
                state.dropped += 1
                return
            }
            state.calls[call.settings.destination, default: []].append(call)
            state.count += 1
            state.size += size
        }
    }

    /// Where traces are to go; more than one only after an edit of the configuration.
    var destinations: [TraceSettings.Destination] { state.withLock { Array($0.calls.keys) } }

    /// The oldest ones for a destination.
    ///
    /// - Parameter limit: about so many bytes together; one at least.
    func first(for destination: TraceSettings.Destination, limit: Int) -> [FinishedCall] {
        state.withLock { state in
            var size = 0
            return Array(
                (state.calls[destination] ?? []).prefix { call in
                    defer { size += call.size }
                    return size == 0 || size + call.size <= limit
                })
        }
    }

    /// Those are no longer needed.
    ///
    /// - Parameter areLogged: whether they have arrived.
    func removeFirst(_ count: Int, for destination: TraceSettings.Destination, areLogged: Bool) {
        state.withLock { state in
            let calls = state.calls[destination] ?? []
            let gone = calls.prefix(count)
            state.calls[destination] = calls.count > gone.count ? Array(calls.dropFirst(gone.count)) : nil
            state.count -= gone.count
            state.size -= gone.reduce(0) { $0 + $1.size }
            if areLogged { state.logged += Int64(gone.count) } else { state.dropped += Int64(gone.count) }
        }
    }

    /// Traces by what has become of them.
    var counts: (waiting: Int, logged: Int64, dropped: Int64) { state.withLock { ($0.count, $0.logged, $0.dropped) } }

    func write(to text: inout PrometheusText) {
        let (waiting, logged, dropped) = counts
        text.metric("unladen_gateway_traces_total", .counter, "Requests that became traces, and those whose traces were dropped.")
        text.sample(Double(logged), labels: [("outcome", "logged")])
        text.sample(Double(dropped), labels: [("outcome", "dropped")])
        text.metric("unladen_gateway_traces_waiting", .gauge, "Traces that wait for the tracking server.")
        text.sample(Double(waiting))
    }
}
