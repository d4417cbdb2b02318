internal import HTTPTypes
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// `traces/calculate-filter-correlation`.
struct TraceCorrelationRoutes: Sendable {
    let store: TraceCorrelationStore

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "traces/calculate-filter-correlation", version: "3.0", requires: .read(.experiment)) { fields, _ in
            try await store.correlation(try TraceCorrelationQuery(fields))
        }
    }
}

extension TraceCorrelation: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("npmi", npmi)
            json.field("npmi_smoothed", smoothedNPMI)
            json.field("filter1_count", first)
            json.field("filter2_count", second)
            json.field("joint_count", joint)
            json.field("total_count", total)
        }
    }
}
