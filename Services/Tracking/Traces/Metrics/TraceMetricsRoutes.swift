internal import HTTPTypes
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// `traces/metrics`.
struct TraceMetricsRoutes: Sendable {
    let store: TraceMetricsStore

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "traces/metrics", version: "3.0", requires: .read(.experiment)) { fields, context in
            PageResponse(name: "data_points", try await store.page(try TraceMetricsQuery(fields), memory: context.memory))
        }
    }
}
