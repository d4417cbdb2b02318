import ArgumentParser
import CoreMetrics
import Testing

@testable import ServiceKit

@Suite struct PrometheusMetricsFactoryTests {
    private let factory = PrometheusMetricsFactory(service: "test")

    @Test func `The exposition has the declared metrics in order, and their series sorted by labels`() {
        factory.declare("b_total", .counter, "Bs.")
        factory.declare("a", .gauge, "As.")
        factory.declare("unused_total", .counter, "Nothing yet.")
        Counter(label: "b_total", dimensions: [("kind", "y")], factory: factory).increment(by: 2)
        Counter(label: "b_total", dimensions: [("kind", "x")], factory: factory).increment()
        Meter(label: "a", factory: factory).set(1.5)
        #expect(
            factory.exposition() == """
                # HELP b_total Bs.
                # TYPE b_total counter
                b_total{service="test",kind="x"} 1
                b_total{service="test",kind="y"} 2
                # HELP a As.
                # TYPE a gauge
                a{service="test"} 1.5
                # HELP unused_total Nothing yet.
                # TYPE unused_total counter

                """)
    }

    @Test func `A timer is a histogram in seconds with cumulative buckets`() {
        let timer = Timer(label: "seconds", dimensions: [("route", "/a")], factory: factory)
        for milliseconds in [1, 2, 100, 60_000] { timer.recordMilliseconds(milliseconds) }
        timer.recordNanoseconds(1_000_001)
        let bounds = [
            "0.0005": 0, "0.001": 1, "0.0025": 3, "0.005": 3, "0.01": 3, "0.025": 3, "0.05": 3, "0.1": 4, "0.25": 4, "0.5": 4, "1": 4,
            "2.5": 4, "5": 4, "10": 4, "30": 4, "+Inf": 5,
        ]
        let lines = factory.exposition().split(separator: "\n").map(String.init)
        #expect(lines.count == 1 + bounds.count + 2)
        #expect(lines.first == "# TYPE seconds histogram")
        for (bound, count) in bounds { #expect(lines.contains("seconds_bucket{service=\"test\",route=\"/a\",le=\"\(bound)\"} \(count)")) }
        #expect(
            lines.suffix(2) == [
                "seconds_sum{service=\"test\",route=\"/a\"} 60.104000001", "seconds_count{service=\"test\",route=\"/a\"} 5",
            ])
    }

    @Test func `Label values and help texts are escaped`() {
        factory.declare("a_total", .counter, "One \\ two\nthree \"four\".")
        Counter(label: "a_total", dimensions: [("name", "a\"b\\c\nd")], factory: factory).increment()
        #expect(
            factory.exposition() == #"""
                # HELP a_total One \\ two\nthree "four".
                # TYPE a_total counter
                a_total{service="test",name="a\"b\\c\nd"} 1

                """#)
    }

    @Test func `Names of libraries become valid names`() {
        Counter(label: "http.server.requests", dimensions: [("http.method", "GET"), ("a:b", "c")], factory: factory).increment()
        Counter(label: "2xx", factory: factory).increment()
        Recorder(label: "size", factory: factory).record(2)
        let text = factory.exposition()
        #expect(text.contains("\nhttp_server_requests{service=\"test\",http_method=\"GET\",a_b=\"c\"} 1\n"))
        #expect(text.contains("\n_2xx{service=\"test\"} 1\n"))
        #expect(text.contains("# TYPE size summary\nsize_sum{service=\"test\"} 2\nsize_count{service=\"test\"} 1\n"))
    }

    @Test func `Numbers that aren't finite have the names of the format`() {
        for (value, text) in [(Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN")] {
            Gauge(label: "value", factory: factory).record(value)
            #expect(factory.exposition().hasSuffix("value{service=\"test\"} \(text)\n"))
        }
    }

    @Test func `The same name and labels are the same metric`() {
        Counter(label: "a_total", dimensions: [("b", "c")], factory: factory).increment()
        FloatingPointCounter(label: "a_total", dimensions: [("b", "c")], factory: factory).increment(by: 0.5)
        #expect(factory.exposition().hasSuffix("\na_total{service=\"test\",b=\"c\"} 1.5\n"))
    }

    @Test func `A metric of another type under a known name isn't exposed`() {
        Counter(label: "a_total", factory: factory).increment()
        let text = factory.exposition()
        Timer(label: "a_total", factory: factory).recordSeconds(1)
        Meter(label: "a_total", dimensions: [("b", "c")], factory: factory).set(1)
        #expect(factory.exposition() == text)
    }

    @Test func `Counters only grow, up to the largest number`() {
        let counter = Counter(label: "a_total", factory: factory)
        counter.increment(by: Int64.max)
        counter.increment(by: 2)
        counter.increment(by: -5)
        #expect(factory.exposition().hasSuffix("a_total{service=\"test\"} \(PrometheusText.number(Double(Int64.max)))\n"))
        let timer = Timer(label: "seconds", factory: factory)
        timer.recordNanoseconds(Int64.max)
        timer.recordNanoseconds(Int64.max)
        timer.recordNanoseconds(-1)
        #expect(factory.exposition().contains("seconds_sum{service=\"test\"} \(Double(Int64.max) / 1e9)\n"))
    }

    @Test func `A destroyed metric disappears, and starts again from zero`() {
        let counter = Counter(label: "a_total", dimensions: [("b", "c")], factory: factory)
        counter.increment()
        counter.destroy()
        #expect(factory.exposition() == "")
        Counter(label: "a_total", dimensions: [("b", "c")], factory: factory).increment()
        #expect(factory.exposition().hasSuffix("a_total{service=\"test\",b=\"c\"} 1\n"))
    }

    @Test func `Collectors add values at the time of the exposition`() {
        factory.collect { text in
            text.metric("age", .gauge, "Age.")
            text.sample(3, labels: [("of", "it")])
        }
        #expect(factory.exposition() == "# HELP age Age.\n# TYPE age gauge\nage{service=\"test\",of=\"it\"} 3\n")
    }

    @Test func `Libraries report their metrics to the service`() throws {
        _ = ServiceHost(name: "test", options: try ServiceOptions.parse(["--log-level", "critical"]), defaultPort: 0)
        #expect(MetricsSystem.factory is PrometheusMetricsFactory)
    }
}
