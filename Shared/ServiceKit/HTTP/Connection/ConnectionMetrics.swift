internal import Synchronization

/// Counts open connections, and those closed by the service by reason.
final class ConnectionMetrics: Sendable {
    enum Reason: String, CaseIterable {
        case keepAliveTimeout = "keep_alive_timeout"
        case headerTimeout = "header_timeout"
        case bodyTimeout = "body_timeout"
        case writeTimeout = "write_timeout"
        case evicted
        case refused
        case drained
    }

    private struct State {
        var open = 0
        var closed: [Reason: Int] = [:]
    }

    private let state = Mutex(State())

    func opened() { state.withLock { $0.open += 1 } }
    func closed() { state.withLock { $0.open -= 1 } }
    func closed(for reason: Reason) { state.withLock { $0.closed[reason, default: 0] += 1 } }

    func write(to text: inout PrometheusText) {
        let state = state.withLock { $0 }
        text.metric("unladen_http_connections", .gauge, "Open client connections.")
        text.sample(Double(state.open))
        text.metric(
            "unladen_http_connections_ended_total", .counter,
            "Connections closed by the service because of a timeout, a limit or a shutdown.")
        for reason in Reason.allCases { text.sample(Double(state.closed[reason] ?? 0), labels: [("reason", reason.rawValue)]) }
    }
}
