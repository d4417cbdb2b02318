package import Logging
internal import Primitives

extension Logger.Metadata {
    /// The metadata that identifies a request in log lines: `request_id`, and `trace_id` if the client sent one.
    package static func request(_ id: String, _ trace: TraceContext?, _ more: Logger.Metadata = [:]) -> Logger.Metadata {
        var metadata = more
        metadata["request_id"] = "\(id)"
        if let trace { metadata["trace_id"] = "\(trace.traceID.hexDigits)" }
        return metadata
    }
}
