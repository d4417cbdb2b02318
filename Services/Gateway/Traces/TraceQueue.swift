internal import ServiceKit
internal import Synchronization

/// Finished requests on their way to a tracking server. It takes no more than a bound: what doesn't fit is dropped and counted, as
/// traces must not cost the gateway its memory while a tracking server is away.
final class TraceQueue: Sendable {
    private static let countLimit = 10_000
    private static let sizeLimit = 64 << 20

    private struct State {
        var requests: [TraceSettings.Destination: [CompletedRequest]] = [:]
        var count = 0
        var size = 0
        var logged: Int64 = 0
        var dropped: Int64 = 0
    }

    private let state = Mutex(State())

    /// The trace of a request, if it's in the sample.
    func startTrace(of request: InferenceRequest, _ settings: TraceSettings?, _ random: RandomSource) -> RequestTrace? {
        guard let settings, settings.routes?.contains(request.route.name) ?? true else { return nil }
        guard Double(random.number(below: 1 << 30)) < settings.samplingRatio * Double(1 << 30) else { return nil }
        return RequestTrace(request, settings, id: random.hexID(), queue: self)
    }

    func add(_ request: CompletedRequest) {
        let size = request.size
        state.withLock { state in
            guard state.count < Self.countLimit, state.size + size <= Self.sizeLimit else {
                state.dropped += 1
                return
            }
            state.requests[request.settings.destination, default: []].append(request)
            state.count += 1
            state.size += size
        }
    }

    /// Where traces are to go; more than one only after an edit of the configuration.
    var destinations: [TraceSettings.Destination] { state.withLock { Array($0.requests.keys) } }

    /// The oldest ones for a destination.
    ///
    /// - Parameter limit: about so many bytes together; one at least.
    func first(for destination: TraceSettings.Destination, limit: Int) -> [CompletedRequest] {
        state.withLock { state in
            var size = 0
            return Array(
                (state.requests[destination] ?? []).prefix { request in
                    defer { size += request.size }
                    return size == 0 || size + request.size <= limit
                })
        }
    }

    /// Those are no longer needed.
    ///
    /// - Parameter wereLogged: whether they have arrived.
    func removeFirst(_ count: Int, for destination: TraceSettings.Destination, wereLogged: Bool) {
        state.withLock { state in
            let requests = state.requests[destination] ?? []
            let removed = requests.prefix(count)
            state.requests[destination] = requests.count > removed.count ? Array(requests.dropFirst(removed.count)) : nil
            state.count -= removed.count
            state.size -= removed.reduce(0) { $0 + $1.size }
            if wereLogged { state.logged += Int64(removed.count) } else { state.dropped += Int64(removed.count) }
        }
    }

    /// Traces by what has become of them.
    var counts: (pending: Int, logged: Int64, dropped: Int64) { state.withLock { ($0.count, $0.logged, $0.dropped) } }

    func write(to text: inout PrometheusText) {
        let (pending, logged, dropped) = counts
        text.metric("unladen_gateway_traces_total", .counter, "Requests that became traces, and those whose traces were dropped.")
        text.sample(Double(logged), labels: [("outcome", "logged")])
        text.sample(Double(dropped), labels: [("outcome", "dropped")])
        text.metric("unladen_gateway_traces_pending", .gauge, "Traces that wait for the tracking server.")
        text.sample(Double(pending))
    }
}
