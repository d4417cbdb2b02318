internal import Primitives
internal import ServiceKit
internal import Synchronization

/// The gateway's Prometheus metrics, by route, provider, model and team. All label values come from the configuration or from issued
/// keys, so the number of series is bounded.
final class GatewayMetrics: Sendable {
    struct Labels: Hashable, Comparable {
        var route: String
        var provider: String
        var model: String
        var team: String

        var pairs: [(String, String)] { [("route", route), ("provider", provider), ("model", model), ("team", team)] }

        static func < (left: Self, right: Self) -> Bool {
            (left.route, left.provider, left.model, left.team) < (right.route, right.provider, right.model, right.team)
        }
    }

    private struct StatusKey: Hashable {
        var labels: Labels
        var status: Int64
    }

    private struct Counts {
        /// By response status.
        var requests: [Int64: Int64] = [:]
        var promptTokens: Int64 = 0
        var completionTokens: Int64 = 0
        /// Prompt tokens read from providers' prompt caches, written to them, and written with a lifetime of an hour.
        var cachedTokens: Int64 = 0
        var cacheWriteTokens: Int64 = 0
        var cacheWrite1hTokens: Int64 = 0
        var cost: Double = 0
        var unpriced: Int64 = 0
        var latency = DurationHistogram()
        var firstToken = DurationHistogram()

        mutating func add(_ record: UsageRecord) {
            promptTokens.addSaturating(record.promptTokens ?? 0)
            completionTokens.addSaturating(record.completionTokens ?? 0)
            cachedTokens.addSaturating(record.cachedTokens ?? 0)
            cacheWriteTokens.addSaturating(record.cacheWriteTokens ?? 0)
            cacheWrite1hTokens.addSaturating(record.cacheWrite1hTokens ?? 0)
            if let cost = record.cost { self.cost += cost.dollars } else if record.promptTokens != nil { unpriced += 1 }
            guard !record.flags.contains(.earlierAttempt) else { return }
            requests[record.status, default: 0] += 1
            latency.observe(record.latency.seconds)
            if let first = record.firstToken { firstToken.observe(first.seconds) }
        }
    }

    private struct State {
        var counts: [Labels: Counts] = [:]
        var errors: [StatusKey: Int64] = [:]
        var rejections: [[String]: Int64] = [:]
    }

    private let state = Mutex(State())

    /// Records a finished request, or a billed attempt that another attempt follows.
    func record(_ record: UsageRecord) {
        let labels = Labels(
            route: record.route, provider: record.provider ?? "", model: record.model ?? "", team: record.team ?? "")
        state.withLock { state in
            state.counts[labels, default: Counts()].add(record)
        }
    }

    /// Counts a failed attempt, whether or not a later attempt succeeded.
    func failed(_ request: InferenceRequest, _ target: Target, status: Int) {
        let labels = Labels(
            route: request.route.name, provider: target.provider, model: target.model, team: request.caller.team ?? "")
        state.withLock { $0.errors[StatusKey(labels: labels, status: Int64(status)), default: 0] += 1 }
    }

    /// Counts a request that a limit or budget rejected.
    func rejected(_ request: InferenceRequest, by limit: String) {
        state.withLock { $0.rejections[[limit, request.route.name, request.caller.team ?? ""], default: 0] += 1 }
    }

    func write(to text: inout PrometheusText) {
        let (counts, errors, rejections) = state.withLock { ($0.counts, $0.errors, $0.rejections) }
        text.metric("unladen_gateway_requests_total", .counter, "Admitted requests by response status.")
        for (labels, counts) in counts {
            for (status, count) in counts.requests { text.sample(Double(count), labels: labels.pairs + [("status", String(status))]) }
        }
        text.metric("unladen_gateway_tokens_total", .counter, "Tokens used.")
        for (labels, counts) in counts {
            text.sample(Double(counts.promptTokens), labels: labels.pairs + [("kind", "prompt")])
            text.sample(Double(counts.completionTokens), labels: labels.pairs + [("kind", "completion")])
        }
        text.metric(
            "unladen_gateway_prompt_cache_tokens_total", .counter,
            "Prompt tokens that providers read from or wrote to their prompt caches; write_1h is included in write.")
        for (labels, counts) in counts {
            let kinds = [("read", counts.cachedTokens), ("write", counts.cacheWriteTokens), ("write_1h", counts.cacheWrite1hTokens)]
            for (kind, tokens) in kinds where tokens > 0 { text.sample(Double(tokens), labels: labels.pairs + [("kind", kind)]) }
        }
        text.metric("unladen_gateway_cost_usd_total", .counter, "Cost in US dollars of requests with known prices.")
        for (labels, counts) in counts { text.sample(counts.cost, labels: labels.pairs) }
        text.metric("unladen_gateway_unpriced_requests_total", .counter, "Requests with an unknown cost.")
        for (labels, counts) in counts where counts.unpriced > 0 { text.sample(Double(counts.unpriced), labels: labels.pairs) }
        text.metric("unladen_gateway_request_duration_seconds", .histogram, "Time from a request to the end of its response.")
        for (labels, counts) in counts { text.histogram(counts.latency, labels: labels.pairs) }
        text.metric("unladen_gateway_time_to_first_token_seconds", .histogram, "Time from a request to the first event of its stream.")
        for (labels, counts) in counts where counts.firstToken.count > 0 { text.histogram(counts.firstToken, labels: labels.pairs) }
        text.metric("unladen_gateway_upstream_errors_total", .counter, "Failed attempts at providers by status.")
        for (key, count) in errors { text.sample(Double(count), labels: key.labels.pairs + [("status", String(key.status))]) }
        text.metric("unladen_gateway_limit_rejections_total", .counter, "Requests rejected by a limit or a budget.")
        for (key, count) in rejections { text.sample(Double(count), labels: [("limit", key[0]), ("route", key[1]), ("team", key[2])]) }
    }
}
