internal import HTTPTypes
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// `traces/calculate-filter-correlation`.
struct TraceCorrelationRoutes: Sendable {
    let store: TraceCorrelationStore

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "traces/calculate-filter-correlation", version: "3.0", requires: .read(.experiment)) { fields, _ in
            try await store.correlation(try TraceCorrelationQuery(fields)).response
        }
    }
}

extension TraceCorrelation {
    fileprivate var response: CalculateTraceFilterCorrelation.Response {
        .init(
            npmi: npmi, smoothedNPMI: smoothedNPMI, firstCount: first, secondCount: second, jointCount: joint, totalCount: total)
    }
}
