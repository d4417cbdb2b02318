internal import WireProtocol

/// Validation rules of traces, with MLflow's messages.
enum TraceValidation {
    /// Validates a tag, and truncates a long value.
    static func checked(_ tag: KeyValue) throws -> KeyValue {
        try Validation.check(tag.key, path: "key")
        return try truncated(tag)
    }

    private static func truncated(_ tag: KeyValue) throws -> KeyValue {
        try Validation.checkLength(tag.key, of: "key", limit: Validation.Limit.key)
        if tag.key == TraceKey.name { try Validation.checkLength(tag.value, of: "Trace name", limit: TraceLimit.name) }
        return KeyValue(key: tag.key, value: Validation.truncate(tag.value, to: TraceLimit.tagValue))
    }

    /// Whether a tag contains the location of the spans, which only this service may set.
    static func isImmutable(_ key: String) -> Bool { key == TraceKey.spansLocation || key == TraceKey.archiveLocation }

    static func requireMutable(_ key: String, isDeletion: Bool) throws {
        guard isImmutable(key) || (key == TraceKey.archivalFailure && !isDeletion) else { return }
        throw ServiceError.invalidParameter(
            "Tag '\(key)' is immutable and cannot be \(isDeletion ? "deleted" : "set") on a trace.")
    }

    /// Validates the trace info that a client sends, and removes the tags that it may not set.
    static func checked(_ startTrace: StartTraceRequest) throws -> StartTraceRequest {
        var startTrace = startTrace
        startTrace.info.tags = try startTrace.info.tags.filter {
            $0.key != TraceKey.artifactLocation && !isImmutable($0.key)
        }.map(truncated)
        if let session = startTrace.info.metadata.last(where: { $0.key == TraceKey.session }) {
            try Validation.checkLength(session.value, of: "Session ID", limit: TraceLimit.session)
        }
        if let id = startTrace.info.clientRequestID {
            try Validation.checkLength(id, of: "client_request_id", limit: TraceLimit.id)
        }
        return startTrace
    }
}
