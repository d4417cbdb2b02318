internal import ServiceKit
internal import Synchronization

/// A bounded queue of completed requests that wait for a tracking server. Requests that don't fit are dropped and counted, so that
/// an unavailable tracking server can't exhaust the gateway's memory.
final class TraceQueue: Sendable {
    /// Requests.
    private static let countLimit = 10_000
    /// Bytes.
    private static let sizeLimit = 64 << 20

    private struct State {
        var requests: [TraceSettings.Destination: [CompletedRequest]] = [:]
        var count = 0
        var size = 0
        var logged: Int64 = 0
        var dropped: Int64 = 0
    }

    private let state = Mutex(State())

    /// Starts the trace of a request if the settings select it.
    func startTrace(of request: InferenceRequest, _ settings: TraceSettings?, _ random: RandomSource) -> RequestTrace? {
        guard let settings, settings.routes?.contains(request.route.name) ?? true else { return nil }
        guard Double(random.number(below: 1 << 30)) < settings.samplingRatio * Double(1 << 30) else { return nil }
        return RequestTrace(request, settings, request.span ?? RequestSpan(random), queue: self)
    }

    /// Adds a request, or drops it if the queue is full.
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

    /// The destinations of waiting traces. There is more than one only after the configuration was edited.
    var destinations: [TraceSettings.Destination] { state.withLock { Array($0.requests.keys) } }

    /// Returns the oldest requests for a destination.
    ///
    /// - Parameter limit: the largest total size in bytes; at least one request is returned in any case.
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

    /// Removes the oldest requests for a destination.
    ///
    /// - Parameter wereLogged: whether their traces have been logged; otherwise they count as dropped.
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

    /// The number of traces by outcome.
    var counts: (pending: Int, logged: Int64, dropped: Int64) { state.withLock { ($0.count, $0.logged, $0.dropped) } }

    func write(to text: inout PrometheusText) {
        let (pending, logged, dropped) = counts
        text.metric("unladen_gateway_traces_total", .counter, "Traces by outcome: logged or dropped.")
        text.sample(Double(logged), labels: [("outcome", "logged")])
        text.sample(Double(dropped), labels: [("outcome", "dropped")])
        text.metric("unladen_gateway_traces_pending", .gauge, "Traces that wait for the tracking server.")
        text.sample(Double(pending))
    }
}
