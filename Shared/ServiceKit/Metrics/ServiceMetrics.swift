internal import Foundation
internal import Synchronization

/// A service's metrics in Prometheus's text exposition format 0.0.4.
package final class ServiceMetrics: Sendable {
    private struct RouteKey: Hashable, Comparable {
        var method: String
        var route: String
        var status: Int

        static func < (left: Self, right: Self) -> Bool {
            (left.route, left.method, left.status) < (right.route, right.method, right.status)
        }
    }

    private struct State {
        var routes: [RouteKey: DurationHistogram] = [:]
        var inFlight = 0
        var collectors: [@Sendable (inout PrometheusText) -> Void] = []
    }

    private let state = Mutex(State())
    private let service: String

    package init(service: String) {
        self.service = service
    }

    /// Adds service-specific metrics.
    package func add(_ collector: @escaping @Sendable (inout PrometheusText) -> Void) {
        state.withLock { $0.collectors.append(collector) }
    }

    /// Counts a request as in flight.
    package func requestStarted() {
        state.withLock { $0.inFlight += 1 }
    }

    /// Records the end of a request.
    ///
    /// - Parameter route: the route's pattern, not the path, so that the number of time series stays bounded.
    package func requestEnded(method: String, route: String, status: Int, duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let elapsed = Double(seconds) + Double(attoseconds) * 1e-18
        state.withLock { state in
            state.inFlight -= 1
            state.routes[RouteKey(method: method, route: route, status: status), default: DurationHistogram()].observe(elapsed)
        }
    }

    /// The metrics as text.
    package func exposition() -> String {
        let (routes, inFlight, collectors) = state.withLock { ($0.routes, $0.inFlight, $0.collectors) }
        var text = PrometheusText(constantLabels: [("service", service)])
        text.metric("unladen_http_requests_in_flight", .gauge, "Requests in flight.")
        text.sample(Double(inFlight))
        text.metric("unladen_http_requests_total", .counter, "Requests handled.")
        for (key, durations) in routes.sorted(by: { $0.key < $1.key }) {
            text.sample(Double(durations.count), labels: Self.labels(key))
        }
        text.metric("unladen_http_request_duration_seconds", .histogram, "Time from a request's header to its response's header.")
        for (key, durations) in routes.sorted(by: { $0.key < $1.key }) {
            text.histogram(durations, labels: Self.labels(key))
        }
        for collector in collectors { collector(&text) }
        Self.appendProcess(to: &text)
        return text.text
    }

    private static func labels(_ key: RouteKey) -> [(String, String)] {
        [("method", key.method), ("route", key.route), ("status", String(key.status))]
    }

    private static func appendProcess(to text: inout PrometheusText) {
        guard let memory = ProcessMemory.current() else { return }
        text.metric("process_resident_memory_bytes", .gauge, "Resident memory.")
        text.sample(Double(memory.resident))
        text.metric("process_virtual_memory_bytes", .gauge, "Virtual memory.")
        text.sample(Double(memory.virtual))
    }
}
