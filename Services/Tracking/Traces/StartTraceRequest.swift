internal import WireProtocol

/// The info of a trace as a client sends it.
struct StartTraceRequest: Sendable {
    var info: TraceInfoV3
    /// Whether the client sends spans over OTLP, so that they are or soon will be stored here.
    var sendsSpans = false
    /// Whether the client reports the trace's final time and duration, so that spans don't change them.
    var isFinal = true

    /// Decodes `trace.trace_info` of `StartTraceV3`.
    init(_ fields: MessageFields) throws {
        guard let trace = try fields.object("trace") else { throw MessageFields.missing("trace") }
        guard let message = try trace.object("trace_info") else { throw MessageFields.missing("trace.trace_info") }
        try Self.check(message)
        info = try TraceInfoV3(message)
        info.requestPreview = info.requestPreview.map(TracePreview.truncated)
        info.responsePreview = info.responsePreview.map(TracePreview.truncated)
        // PostgreSQL doesn't support U+0000; without it, two names may become equal.
        for index in info.tags.indices { info.tags[index].key.removeAll { $0 == "\0" } }
        for index in info.metadata.indices { info.metadata[index].key.removeAll { $0 == "\0" } }
    }

    /// - Parameter info: the trace of a client of API version 2, which doesn't store spans here.
    init(info: TraceInfoV3) { (self.info, isFinal) = (info, false) }

    /// Checks the required fields, in MLflow's order.
    private static func check(_ fields: MessageFields) throws {
        let id = try fields.requiredString("trace_id")
        try Validation.checkLength(id, of: "trace_id", limit: TraceLimit.id)
        guard id.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Validation.invalidValue(id, path: "trace_id", "A trace ID must consist of visible ASCII characters.")
        }
        guard let experiment = try fields.object("trace_location")?.object("mlflow_experiment") else {
            throw MessageFields.missing("trace_info.trace_location")
        }
        _ = try experiment.requiredString("experiment_id")
        guard try fields.string("request_time") != nil else { throw MessageFields.missing("trace_info.request_time") }
    }
}
