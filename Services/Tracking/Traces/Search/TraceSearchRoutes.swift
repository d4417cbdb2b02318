internal import HTTPTypes
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// A location to search, in version 3 of the API.
struct TraceLocation: ProtobufMessage {
    /// `nil` for a location that isn't an experiment; this service has no others.
    var experiment: String?

    init(_ fields: RequestFields) throws {
        let location: Experiment? = try fields.message("mlflow_experiment")
        experiment = location?.id
    }

    private struct Experiment: ProtobufMessage {
        var id: String

        init(_ fields: RequestFields) throws { id = try fields.string("experiment_id") ?? "" }
    }
}

/// `traces/search`.
struct TraceSearchRoutes: Sendable {
    let search: TraceSearch

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "traces/search", version: "3.0", isLarge: true) { fields, _ in
            let locations: [TraceLocation] = try fields.requiredMessages("locations")
            let query = try TraceQuery(fields, experiments: locations.compactMap(\.experiment))
            return PageResponse(name: "traces", try await search.find(query))
        }
    }
}
