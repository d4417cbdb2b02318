internal import CoreMetrics
internal import Primitives

/// The metrics of the requests of a service: in flight, and by method, route and status.
package final class RequestMetrics: Sendable {
    private struct Key: SeriesKey {
        let method: String
        let route: String
        let status: Int

        var tableHash: UInt64 { route.tableHash &+ UInt64(truncatingIfNeeded: status) }
    }

    private final class Series: Sendable {
        let requests: Counter
        let duration: Timer

        init(_ key: Key, _ factory: PrometheusMetricsFactory) {
            let labels = [("method", key.method), ("route", key.route), ("status", String(key.status))]
            requests = Counter(label: "unladen_http_requests_total", dimensions: labels, factory: factory)
            duration = Timer(label: "unladen_http_request_duration_seconds", dimensions: labels, factory: factory)
        }
    }

    private let inFlight: Meter
    private let series: SeriesTable<Key, Series>

    package init(factory: PrometheusMetricsFactory) {
        factory.declare("unladen_http_requests_in_flight", .gauge, "Requests in flight.")
        factory.declare("unladen_http_requests_total", .counter, "Requests handled.")
        factory.declare(
            "unladen_http_request_duration_seconds", .histogram, "Time from a request's header to its response's header.")
        inFlight = Meter(label: "unladen_http_requests_in_flight", factory: factory)
        series = SeriesTable { Series($0, factory) }
    }

    /// Counts a request as in flight.
    package func requestStarted() {
        inFlight.increment()
    }

    /// Records the end of a request.
    ///
    /// - Parameter route: the route's pattern, not the path, so that the number of time series stays bounded.
    package func requestEnded(method: String, route: String, status: Int, duration: Duration) {
        inFlight.decrement()
        series.with(Key(method: method, route: route, status: status)) { series in
            series.requests.increment()
            series.duration.recordNanoseconds(duration.nanoseconds)
        }
    }
}
