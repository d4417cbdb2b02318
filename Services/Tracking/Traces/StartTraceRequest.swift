internal import WireProtocol

/// The info of a trace as a client sends it.
struct StartTraceRequest: Sendable {
    var info: TraceInfo
    /// Whether the client sends spans over OTLP, so that they are or soon will be stored here.
    var sendsSpans = false
    /// Whether the client reports the trace's final time and duration, so that spans don't change them.
    var isFinal = true

    /// Decodes `trace.trace_info` of `StartTraceV3`.
    init(_ fields: RequestFields) throws {
        guard let trace: InfoMessage.Envelope = try fields.message("trace") else { throw RequestFields.missing("trace") }
        guard let message = trace.info else { throw RequestFields.missing("trace.trace_info") }
        info = message.info
    }

    /// - Parameter info: the trace of a client of API version 2, which doesn't store spans here.
    init(info: TraceInfo) { (self.info, isFinal) = (info, false) }
}

/// `TraceInfoV3` in a request.
private struct InfoMessage: ProtobufMessage {
    var info: TraceInfo

    struct Envelope: ProtobufMessage {
        var info: InfoMessage?

        init(_ fields: RequestFields) throws { info = try fields.message("trace_info") }
    }

    struct Location: ProtobufMessage {
        var experiment: Experiment?

        init(_ fields: RequestFields) throws { experiment = try fields.message("mlflow_experiment") }

        struct Experiment: ProtobufMessage {
            var id: String

            init(_ fields: RequestFields) throws { id = try fields.requiredString("experiment_id") }
        }
    }

    init(_ fields: RequestFields) throws {
        let id = try fields.requiredString("trace_id")
        try Validation.checkLength(id, of: "trace_id", limit: TraceLimit.id)
        guard id.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Validation.invalidValue(id, path: "trace_id", "A trace ID must consist of visible ASCII characters.")
        }
        let location: Location? = try fields.message("trace_location")
        guard let experiment = location?.experiment else { throw RequestFields.missing("trace_info.trace_location") }
        guard let time = try fields.string("request_time") else { throw RequestFields.missing("trace_info.request_time") }
        guard let timestamp = ProtobufTime.milliseconds(time) else {
            throw RequestFields.wrongType("trace_info.request_time", .string(time))
        }
        let duration = try fields.string("execution_duration").map { text in
            guard let duration = ProtobufTime.duration(text) else {
                throw RequestFields.wrongType("trace_info.execution_duration", .string(text))
            }
            return duration
        }
        info = TraceInfo(
            traceID: id, experiment: try Validation.experimentID(experiment.id), timestamp: timestamp, duration: duration,
            state: try fields.enumeration("state") ?? .unspecified, clientRequestID: try fields.nonEmptyString("client_request_id"),
            requestPreview: try fields.string("request_preview").map(TracePreview.truncated),
            responsePreview: try fields.string("response_preview").map(TracePreview.truncated))
        info.tags = try Self.pairs("tags", fields)
        info.metadata = try Self.pairs("trace_metadata", fields)
        info.assessments = try fields.messages("assessments")
    }

    /// A map of strings in protobuf's JSON form.
    private static func pairs(_ name: String, _ fields: RequestFields) throws -> [KeyValue] {
        guard let value = try fields.value(name) else { return [] }
        guard case .object(let object) = value else { throw RequestFields.wrongType(name, value) }
        return try object.members.map { member in
            guard let text = member.value.stringValue else { throw RequestFields.wrongType(name, value) }
            // PostgreSQL doesn't support U+0000; without it, two names may become equal.
            return KeyValue(key: member.name.filter { $0 != "\0" }, value: text)
        }
    }
}
