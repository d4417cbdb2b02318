package import Database
internal import Foundation
internal import Synchronization

/// What a service counts, and its text for Prometheus (exposition format 0.0.4).
package final class ServiceMetrics: Sendable {
    private struct RouteKey: Hashable, Comparable {
        var method: String
        var route: String
        var status: Int

        static func < (left: Self, right: Self) -> Bool {
            (left.route, left.method, left.status) < (right.route, right.method, right.status)
        }
    }

    /// Upper bounds of the duration buckets, in seconds.
    private static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

    private struct Durations {
        var buckets = [Int](repeating: 0, count: ServiceMetrics.bounds.count)
        var count = 0
        var sum = 0.0

        mutating func observe(_ seconds: Double) {
            count += 1
            sum += seconds
            if let bucket = ServiceMetrics.bounds.firstIndex(where: { seconds <= $0 }) { buckets[bucket] += 1 }
        }
    }

    private struct State {
        var routes: [RouteKey: Durations] = [:]
        var inFlight = 0
    }

    private let state = Mutex(State())
    private let service: String

    package init(service: String) {
        self.service = service
    }

    package func requestStarted() {
        state.withLock { $0.inFlight += 1 }
    }

    /// - Parameter route: the route's pattern, not the path, so that the number of series stays bounded.
    package func requestEnded(method: String, route: String, status: Int, duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let elapsed = Double(seconds) + Double(attoseconds) * 1e-18
        state.withLock { state in
            state.inFlight -= 1
            state.routes[RouteKey(method: method, route: route, status: status), default: Durations()].observe(elapsed)
        }
    }

    /// The exposition text, with the database's figures when there is one.
    package func exposition(database: DatabaseStatistics?) -> String {
        let (routes, inFlight) = state.withLock { ($0.routes, $0.inFlight) }
        var text = PrometheusText(constantLabels: [("service", service)])
        text.metric("unladen_http_requests_in_flight", .gauge, "Requests that are being answered.")
        text.sample(Double(inFlight))
        text.metric("unladen_http_requests_total", .counter, "Requests answered.")
        for (key, durations) in routes.sorted(by: { $0.key < $1.key }) {
            text.sample(Double(durations.count), labels: Self.labels(key))
        }
        text.metric("unladen_http_request_duration_seconds", .histogram, "Time from a request's head to its answer's head.")
        for (key, durations) in routes.sorted(by: { $0.key < $1.key }) {
            text.histogram(
                bounds: Self.bounds, buckets: durations.buckets, count: durations.count, sum: durations.sum,
                labels: Self.labels(key))
        }
        if let database { Self.append(database, to: &text) }
        Self.appendProcess(to: &text)
        return text.text
    }

    private static func labels(_ key: RouteKey) -> [(String, String)] {
        [("method", key.method), ("route", key.route), ("status", String(key.status))]
    }

    private static func append(_ database: DatabaseStatistics, to text: inout PrometheusText) {
        text.metric("unladen_database_connections", .gauge, "Open database connections.")
        text.sample(Double(database.connections))
        text.metric("unladen_database_connections_idle", .gauge, "Database connections that wait for work.")
        text.sample(Double(database.idleConnections))
        text.metric("unladen_database_waiting", .gauge, "Calls that wait for the database.")
        text.sample(Double(database.waiting))
        text.metric("unladen_database_commits_total", .counter, "Write transactions committed.")
        text.sample(Double(database.commits))
        text.metric("unladen_database_writes_total", .counter, "Writes that those commits carried.")
        text.sample(Double(database.writes))
    }

    private static func appendProcess(to text: inout PrometheusText) {
        guard let memory = ProcessMemory.current() else { return }
        text.metric("process_resident_memory_bytes", .gauge, "Resident memory.")
        text.sample(Double(memory.resident))
        text.metric("process_virtual_memory_bytes", .gauge, "Virtual memory.")
        text.sample(Double(memory.virtual))
    }
}
