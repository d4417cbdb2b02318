internal import Primitives

/// A trace without its spans in the form for clients before 3.0, with arrays of pairs and plain milliseconds.
package struct TraceInfoV2: ProtobufMessage, JSONWritable {
    package let info: TraceInfoV3

    package init(info: TraceInfoV3) { self.info = info }

    package init(_ fields: MessageFields) throws {
        let status: TraceStatus = try fields.enumeration("status") ?? .unspecified
        var info = TraceInfoV3(
            traceID: try fields.string("request_id") ?? "",
            experimentID: try ExperimentID.parse(fields.string("experiment_id") ?? ""),
            requestTime: try fields.time("timestamp_ms") ?? UnixMilliseconds(0),
            executionDuration: try fields.integer("execution_time_ms").map { Milliseconds($0) }, state: status.state)
        info.metadata = try fields.messages("request_metadata")
        info.tags = try fields.messages("tags")
        self.info = info
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("request_id", info.traceID)
            json.field("experiment_id", String(info.experimentID))
            json.field("timestamp_ms", info.requestTime)
            json.field("execution_time_ms", info.executionDuration ?? Milliseconds(0))
            json.field("status", TraceStatus(info.state).rawValue)
            json.field("request_metadata", TraceValueLimit.metadata.truncated(info.metadata))
            json.field("tags", TraceValueLimit.tag.truncated(info.tags))
        }
    }
}
