internal import HTTPTypes
internal import MLflowAPI
internal import Primitives
internal import ServiceKit
internal import WireProtocol

/// `traces` for clients before 3.0: the server generates the ID at the start, an update reports the end, and the spans are in an
/// artifact file.
struct TraceV2Routes: Sendable {
    let store: TraceStore
    let writer: TraceWriter
    let search: TraceSearch
    let random: RandomSource

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "traces", requires: .edit(.experiment), execution: .onEventLoop) { fields, _ in
            let experiment = try ExperimentID.parse(try fields.requiredString("experiment_id"))
            let time = try fields.requiredTime("timestamp_ms")
            var info = TraceInfoV3(
                traceID: random.hexID(), experimentID: experiment, requestTime: time, state: .inProgress)
            info.metadata = try fields.messages("request_metadata")
            info.tags = try fields.messages("tags")
            return try await write(info)
        }
        routes.mlflow(.patch, "traces/{trace_id}", requires: .edit(.experiment)) { fields, context in
            var info = try await store.info(context.pathParameter("trace_id"))
            let end = try fields.requiredTime("timestamp_ms")
            let status: TraceStatus = try fields.requiredEnumeration("status")
            info.executionDuration = Milliseconds(from: info.requestTime, to: end)
            info.state = status.state
            // Existing values stay unless they are sent again.
            info.metadata = try fields.messages("request_metadata")
            info.tags = try fields.messages("tags")
            info.assessments = []
            return try await write(info)
        }
        routes.mlflow(.get, "traces/{trace_id}/info", requires: .read(.experiment), execution: .onEventLoop) { _, context in
            Envelope("trace_info", TraceInfoV2(info: try await store.info(context.pathParameter("trace_id"))))
        }
        routes.mlflow(.get, "traces", requires: .read(.experiment)) { fields, _ in
            let experiments = try fields.requiredStrings("experiment_ids")
            let page = try await search.find(try TraceQuery(fields, experiments: experiments))
            return PageResponse(name: "traces", Page(items: page.items.map(TraceInfoV2.init), nextOffset: page.nextOffset))
        }
    }

    private func write(_ info: TraceInfoV3) async throws -> Envelope<TraceInfoV2> {
        let startTrace = try TraceValidation.checked(StartTraceRequest(info: info))
        return Envelope("trace_info", TraceInfoV2(info: try await writer.write(startTrace)))
    }
}
