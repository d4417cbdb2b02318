internal import CoreMetrics
internal import ServiceKit

/// The metrics of the usage with one combination of labels.
final class InferenceSeries: Sendable {
    private let promptTokens: Counter
    private let completionTokens: Counter
    /// Prompt tokens read from providers' prompt caches, written to them, and written with a lifetime of an hour.
    private let cachedTokens: OptionalMetric<Counter>
    private let cacheWriteTokens: OptionalMetric<Counter>
    private let cacheWrite1hTokens: OptionalMetric<Counter>
    private let cost: FloatingPointCounter
    private let unpriced: OptionalMetric<Counter>
    private let latency: Timer
    private let firstToken: OptionalMetric<Timer>

    init(_ labels: InferenceLabels, _ factory: PrometheusMetricsFactory) {
        @Sendable func counter(_ name: String, kind: String? = nil) -> Counter {
            Counter(label: name, dimensions: labels.pairs + (kind.map { [("kind", $0)] } ?? []), factory: factory)
        }
        promptTokens = counter("unladen_gateway_tokens_total", kind: "prompt")
        completionTokens = counter("unladen_gateway_tokens_total", kind: "completion")
        cachedTokens = OptionalMetric { counter("unladen_gateway_prompt_cache_tokens_total", kind: "read") }
        cacheWriteTokens = OptionalMetric { counter("unladen_gateway_prompt_cache_tokens_total", kind: "write") }
        cacheWrite1hTokens = OptionalMetric { counter("unladen_gateway_prompt_cache_tokens_total", kind: "write_1h") }
        cost = FloatingPointCounter(label: "unladen_gateway_cost_usd_total", dimensions: labels.pairs, factory: factory)
        unpriced = OptionalMetric { counter("unladen_gateway_unpriced_requests_total") }
        latency = Timer(label: "unladen_gateway_request_duration_seconds", dimensions: labels.pairs, factory: factory)
        firstToken = OptionalMetric {
            Timer(label: "unladen_gateway_time_to_first_token_seconds", dimensions: labels.pairs, factory: factory)
        }
    }

    static func declare(_ factory: PrometheusMetricsFactory) {
        factory.declare("unladen_gateway_tokens_total", .counter, "Tokens used.")
        factory.declare(
            "unladen_gateway_prompt_cache_tokens_total", .counter,
            "Prompt tokens that providers read from or wrote to their prompt caches; write_1h is included in write.")
        factory.declare("unladen_gateway_cost_usd_total", .counter, "Cost in US dollars of requests with known prices.")
        factory.declare("unladen_gateway_unpriced_requests_total", .counter, "Requests with an unknown cost.")
        factory.declare("unladen_gateway_request_duration_seconds", .histogram, "Time from a request to the end of its response.")
        factory.declare(
            "unladen_gateway_time_to_first_token_seconds", .histogram, "Time from a request to the first event of its stream.")
    }

    /// Adds the usage of a finished request, or of a billed attempt that another attempt follows.
    func record(_ record: UsageRecord) {
        promptTokens.increment(by: record.promptTokens ?? 0)
        completionTokens.increment(by: record.completionTokens ?? 0)
        if let tokens = record.cachedTokens, tokens > 0 { cachedTokens.value.increment(by: tokens) }
        if let tokens = record.cacheWriteTokens, tokens > 0 { cacheWriteTokens.value.increment(by: tokens) }
        if let tokens = record.cacheWrite1hTokens, tokens > 0 { cacheWrite1hTokens.value.increment(by: tokens) }
        if let cost = record.cost {
            self.cost.increment(by: Double(cost) / 1e9)
        } else if record.promptTokens != nil {
            unpriced.value.increment()
        }
        guard !record.flags.contains(.earlierAttempt) else { return }
        latency.recordMicroseconds(record.latency)
        if let first = record.firstToken { firstToken.value.recordMicroseconds(first) }
    }
}
