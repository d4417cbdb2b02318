package import Primitives

/// A trace without its spans, in version 3 of the API.
package struct TraceInfoV3: ProtobufMessage, JSONWritable {
    package var traceID: String
    package var experimentID: Int64
    package var requestTime: UnixMilliseconds
    /// `nil` while the trace is in progress.
    package var executionDuration: Milliseconds?
    package var state: TraceState
    package var clientRequestID: String?
    package var requestPreview: String?
    package var responsePreview: String?
    package var tags: [KeyValue] = []
    package var metadata: [KeyValue] = []
    package var assessments: [Assessment] = []

    package init(
        traceID: String, experimentID: Int64, requestTime: UnixMilliseconds, executionDuration: Milliseconds? = nil,
        state: TraceState, clientRequestID: String? = nil, requestPreview: String? = nil, responsePreview: String? = nil
    ) {
        self.traceID = traceID
        self.experimentID = experimentID
        self.requestTime = requestTime
        self.executionDuration = executionDuration
        self.state = state
        self.clientRequestID = clientRequestID
        self.requestPreview = requestPreview
        self.responsePreview = responsePreview
    }

    package init(_ fields: MessageFields) throws {
        traceID = try fields.string("trace_id") ?? ""
        requestTime = try fields.string("request_time").map(Self.time) ?? UnixMilliseconds(0)
        executionDuration = try fields.string("execution_duration").map(Self.duration)
        let location: TraceLocation? = try fields.message("trace_location")
        experimentID = try ExperimentID.parse(location?.experimentID ?? "")
        state = try fields.enumeration("state") ?? .unspecified
        clientRequestID = try fields.nonEmptyString("client_request_id")
        requestPreview = try fields.string("request_preview")
        responsePreview = try fields.string("response_preview")
        tags = try fields.stringMap("tags")
        metadata = try fields.stringMap("trace_metadata")
        assessments = try fields.messages("assessments")
    }

    private static func time(_ text: String) throws -> UnixMilliseconds {
        guard let time = ProtobufTime.time(text) else { throw MessageFields.wrongType("trace_info.request_time", .string(text)) }
        return time
    }

    private static func duration(_ text: String) throws -> Milliseconds {
        guard let duration = ProtobufTime.duration(text) else {
            throw MessageFields.wrongType("trace_info.execution_duration", .string(text))
        }
        return duration
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("trace_id", traceID)
            json.field("client_request_id", clientRequestID)
            json.field("trace_location", TraceLocation(experimentID: String(experimentID)))
            json.field("request_preview", requestPreview)
            json.field("response_preview", responsePreview)
            json.field("request_time", ProtobufTime.text(requestTime))
            json.field("execution_duration", executionDuration.map(ProtobufTime.durationText))
            json.field("state", state.rawValue)
            json.map("trace_metadata", TraceValueLimit.metadata.truncated(metadata))
            json.field("assessments", assessments)
            json.map("tags", TraceValueLimit.tag.truncated(tags))
        }
    }
}
