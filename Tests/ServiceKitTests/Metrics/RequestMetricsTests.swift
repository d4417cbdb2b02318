import Dispatch
import Testing

@testable import ServiceKit

@Suite struct RequestMetricsTests {
    private let factory = PrometheusMetricsFactory(service: "test")

    @Test func `A request is counted by method, route and status`() {
        let metrics = RequestMetrics(factory: factory)
        metrics.requestStarted()
        metrics.requestStarted()
        metrics.requestEnded(method: "GET", route: "/runs/{id}", status: 200, duration: .milliseconds(3))
        let text = factory.exposition()
        #expect(text.hasPrefix("# HELP unladen_http_requests_in_flight Requests in flight.\n"))
        for line in [
            "unladen_http_requests_in_flight{service=\"test\"} 1",
            "unladen_http_requests_total{service=\"test\",method=\"GET\",route=\"/runs/{id}\",status=\"200\"} 1",
            "unladen_http_request_duration_seconds_bucket{service=\"test\",method=\"GET\",route=\"/runs/{id}\",status=\"200\",le=\"0.005\"} 1",
            "unladen_http_request_duration_seconds_sum{service=\"test\",method=\"GET\",route=\"/runs/{id}\",status=\"200\"} 0.003",
            "unladen_http_request_duration_seconds_count{service=\"test\",method=\"GET\",route=\"/runs/{id}\",status=\"200\"} 1",
        ] {
            #expect(text.contains("\n\(line)\n"), "\(line)")
        }
    }

    @Test func `Nothing is lost when many threads record at once`() {
        let metrics = RequestMetrics(factory: factory)
        let (threads, requests, routes) = (8, 5000, 50)
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            for request in 0..<requests {
                metrics.requestStarted()
                metrics.requestEnded(
                    method: "POST", route: "/route/\(request % routes)", status: request.isMultiple(of: 2) ? 200 : 404,
                    duration: .microseconds(500))
            }
        }
        let text = factory.exposition()
        #expect(text.contains("unladen_http_requests_in_flight{service=\"test\"} 0\n"))
        // 40,000 requests over 50 routes.
        #expect(values("unladen_http_requests_total", text) == [Double](repeating: 800, count: routes))
        #expect(values("unladen_http_request_duration_seconds_sum", text) == [Double](repeating: 0.4, count: routes))
    }

    /// The values of all series of a metric.
    private func values(_ name: String, _ text: String) -> [Double] {
        text.split(separator: "\n").filter { $0.hasPrefix(name + "{") }.compactMap { Double($0.split(separator: " ").last ?? "") }
    }
}
