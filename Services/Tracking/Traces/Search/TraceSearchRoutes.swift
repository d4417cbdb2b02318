internal import HTTPTypes
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// `traces/search`.
struct TraceSearchRoutes: Sendable {
    let search: TraceSearch

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "traces/search", version: "3.0", requires: .read(.experiment)) { fields, _ in
            let locations: [TraceLocation] = try fields.requiredMessages("locations")
            let query = try TraceQuery(fields, experiments: locations.compactMap(\.experimentID))
            return PageResponse(name: "traces", try await search.find(query))
        }
    }
}
