import ServiceKit
import TestSupport
import Testing

@Suite struct RouteDocumentTests {
    @Test func `The documented routes of every service are the probes and metrics`() throws {
        try RouteDocument.check("Every service", ProbeRoutes(metrics: PrometheusMetricsFactory(service: "test"), checks: []).register)
    }
}
