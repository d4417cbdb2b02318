internal import CoreMetrics
internal import ServiceKit

/// The gateway's metrics of inference requests, by route, provider, model and team. All label values come from the configuration or from
/// issued keys, so the number of series is bounded.
final class GatewayMetrics: Sendable {
    private struct RejectionLabels: SeriesKey {
        let limit: String
        let route: String
        let team: String

        var tableHash: UInt64 { limit.tableHash &+ route.tableHash }
    }

    private let usage: SeriesTable<InferenceLabels, InferenceSeries>
    private let requests: SeriesTable<InferenceStatusLabels, Counter>
    private let errors: SeriesTable<InferenceStatusLabels, Counter>
    private let rejections: SeriesTable<RejectionLabels, Counter>

    init(factory: PrometheusMetricsFactory) {
        factory.declare("unladen_gateway_requests_total", .counter, "Admitted requests by response status.")
        requests = SeriesTable { labels in
            Counter(label: "unladen_gateway_requests_total", dimensions: labels.pairs, factory: factory)
        }
        InferenceSeries.declare(factory)
        usage = SeriesTable { InferenceSeries($0, factory) }
        factory.declare("unladen_gateway_upstream_errors_total", .counter, "Failed attempts at providers by status.")
        errors = SeriesTable { labels in
            Counter(label: "unladen_gateway_upstream_errors_total", dimensions: labels.pairs, factory: factory)
        }
        factory.declare("unladen_gateway_limit_rejections_total", .counter, "Requests rejected by a limit or a budget.")
        rejections = SeriesTable { labels in
            Counter(
                label: "unladen_gateway_limit_rejections_total",
                dimensions: [("limit", labels.limit), ("route", labels.route), ("team", labels.team)], factory: factory)
        }
    }

    /// Records a finished request, or a billed attempt that another attempt follows.
    func record(_ record: UsageRecord) {
        let labels = InferenceLabels(
            route: record.route, provider: record.provider ?? "", model: record.model ?? "", team: record.team ?? "")
        usage.with(labels) { $0.record(record) }
        guard !record.flags.contains(.earlierAttempt) else { return }
        requests.with(InferenceStatusLabels(labels: labels, status: record.status)) { $0.increment() }
    }

    /// Counts a failed attempt, whether or not a later attempt succeeded.
    func failed(_ request: InferenceRequest, _ target: Target, status: Int) {
        let labels = InferenceLabels(
            route: request.route.name, provider: target.provider, model: target.model, team: request.caller.team ?? "")
        errors.with(InferenceStatusLabels(labels: labels, status: Int64(status))) { $0.increment() }
    }

    /// Counts a request that a limit or budget rejected.
    func rejected(_ request: InferenceRequest, by limit: String) {
        rejections.with(RejectionLabels(limit: limit, route: request.route.name, team: request.caller.team ?? "")) { $0.increment() }
    }
}
