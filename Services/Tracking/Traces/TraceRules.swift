internal import SearchFilter
internal import WireProtocol

/// The rules of traces, with MLflow's messages.
enum TraceRules {
    static func missing(_ id: String) -> ServiceError { .doesNotExist("Trace with ID '\(id)' not found.") }

    /// What the reading of assessments says of a trace that isn't there.
    static func missingWithAssessments(_ id: String) -> ServiceError { .doesNotExist("Trace with request_id '\(id)' not found") }

    static func missingAssessment(_ id: String, of trace: String) -> ServiceError {
        .doesNotExist("Assessment with ID '\(id)' not found for trace '\(trace)'")
    }

    static func missingTag(_ key: String, of trace: String) -> ServiceError {
        .doesNotExist("No trace tag with key \(PythonText.quoted(key)) for trace with ID \(PythonText.quoted(trace))")
    }

    /// A tag that may be stored; of a long value the beginning.
    static func checked(_ tag: KeyValue) throws -> KeyValue {
        try NameRules.check(tag.key, path: "key")
        return try cut(tag)
    }

    private static func cut(_ tag: KeyValue) throws -> KeyValue {
        try NameRules.checkLength(tag.key, of: "key", limit: NameRules.Limit.key)
        if tag.key == TraceKey.name { try NameRules.checkLength(tag.value, of: "Trace name", limit: TraceLimit.name) }
        return KeyValue(key: tag.key, value: NameRules.truncate(tag.value, to: TraceLimit.tagValue))
    }

    /// Whether a tag says where the spans are, which only this service knows.
    static func isImmutable(_ key: String) -> Bool { key == TraceKey.spansLocation || key == TraceKey.archiveLocation }

    static func requireMutable(_ key: String, isDeletion: Bool) throws {
        guard isImmutable(key) || (key == TraceKey.archivalFailure && !isDeletion) else { return }
        throw ServiceError.invalidParameter(
            "Tag '\(key)' is immutable and cannot be \(isDeletion ? "deleted" : "set") on a trace.")
    }

    /// Checks what a client says of a trace, and leaves out what it has no say in.
    static func checked(_ header: TraceHeader) throws -> TraceHeader {
        var header = header
        header.info.tags = try header.info.tags.filter {
            $0.key != TraceKey.artifactLocation && !isImmutable($0.key)
        }.map(cut)
        if let session = header.info.metadata.last(where: { $0.key == TraceKey.session }) {
            try NameRules.checkLength(session.value, of: "Session ID", limit: TraceLimit.session)
        }
        if let id = header.info.clientRequestID { try NameRules.checkLength(id, of: "client_request_id", limit: TraceLimit.id) }
        return header
    }
}
