import ServiceKit
import Testing

@testable import Gateway

@Suite struct GatewayMetricsTests {
    private let factory = PrometheusMetricsFactory(service: "test")
    private let labels = "service=\"test\",route=\"chat\",provider=\"openai\",model=\"m\",team=\"\""

    private func record(_ change: (inout UsageRecord) -> Void) -> UsageRecord {
        var record = UsageRecord(sequence: 1, at: 1, route: "chat")
        (record.provider, record.model, record.status, record.latency) = ("openai", "m", 200, 4000)
        (record.promptTokens, record.completionTokens, record.cost) = (10, 5, 2_500_000)
        change(&record)
        return record
    }

    private func expect(_ lines: [String]) {
        let text = factory.exposition()
        for line in lines { #expect(text.contains("\n\(line)\n"), "\(line)") }
    }

    @Test func `A request is counted with its tokens, cost and duration`() {
        let metrics = GatewayMetrics(factory: factory)
        metrics.record(record { $0.firstToken = 2000 })
        metrics.record(record { $0.status = 500 })
        expect([
            "unladen_gateway_requests_total{\(labels),status=\"200\"} 1", "unladen_gateway_requests_total{\(labels),status=\"500\"} 1",
            "unladen_gateway_tokens_total{\(labels),kind=\"prompt\"} 20", "unladen_gateway_tokens_total{\(labels),kind=\"completion\"} 10",
            "unladen_gateway_cost_usd_total{\(labels)} 0.005",
            "unladen_gateway_request_duration_seconds_bucket{\(labels),le=\"0.005\"} 2",
            "unladen_gateway_request_duration_seconds_sum{\(labels)} 0.008",
            "unladen_gateway_time_to_first_token_seconds_sum{\(labels)} 0.002",
        ])
    }

    @Test func `A billed attempt that another follows counts as usage, but not as a request`() {
        let metrics = GatewayMetrics(factory: factory)
        metrics.record(record { $0.flags = .earlierAttempt })
        expect([
            "unladen_gateway_tokens_total{\(labels),kind=\"prompt\"} 10", "unladen_gateway_cost_usd_total{\(labels)} 0.0025",
            "unladen_gateway_request_duration_seconds_count{\(labels)} 0",
        ])
        #expect(!factory.exposition().contains("unladen_gateway_requests_total{"))
    }

    @Test func `What a request didn't have doesn't appear`() {
        let metrics = GatewayMetrics(factory: factory)
        metrics.record(record { _ in })
        for name in ["unpriced_requests_total", "prompt_cache_tokens_total", "time_to_first_token_seconds"] {
            let text = factory.exposition()
            #expect(text.contains("# TYPE unladen_gateway_\(name) "))
            #expect(!text.contains("\nunladen_gateway_\(name)"))
        }
        metrics.record(record { ($0.cost, $0.cachedTokens, $0.cacheWriteTokens, $0.cacheWrite1hTokens) = (nil, 3, 2, 1) })
        expect([
            "unladen_gateway_unpriced_requests_total{\(labels)} 1", "unladen_gateway_prompt_cache_tokens_total{\(labels),kind=\"read\"} 3",
            "unladen_gateway_prompt_cache_tokens_total{\(labels),kind=\"write\"} 2",
            "unladen_gateway_prompt_cache_tokens_total{\(labels),kind=\"write_1h\"} 1",
        ])
    }
}
