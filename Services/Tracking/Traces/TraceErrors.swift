internal import SearchFilter
internal import WireProtocol

extension ServiceError {
    static func traceNotFound(_ id: String) -> ServiceError { .doesNotExist("Trace with ID '\(id)' not found.") }

    /// The error of the assessment endpoints for a trace that doesn't exist.
    static func assessedTraceNotFound(_ id: String) -> ServiceError { .doesNotExist("Trace with request_id '\(id)' not found") }

    static func assessmentNotFound(_ id: String, of trace: String) -> ServiceError {
        .doesNotExist("Assessment with ID '\(id)' not found for trace '\(trace)'")
    }

    static func traceTagNotFound(_ key: String, of trace: String) -> ServiceError {
        .doesNotExist("No trace tag with key \(PythonRepr.quoted(key)) for trace with ID \(PythonRepr.quoted(trace))")
    }
}
