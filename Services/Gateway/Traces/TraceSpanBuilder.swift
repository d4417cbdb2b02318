internal import AdapterHost
internal import JSON
internal import ModelPrices
internal import Primitives
internal import SafeText
internal import ServiceKit
internal import WireProtocol

/// Builds the spans of a request: a root span, and a child span for each attempt at an endpoint.
///
/// The attributes are those that MLflow's UI and `mlflow.search_traces` use (`mlflow.tracing.constant.SpanAttributeKey` in its
/// source); `mlflow.traceTag.…` of the root span become the trace's tags.
struct TraceSpanBuilder {
    let request: CompletedRequest

    /// Returns the spans, root first.
    func build() -> [Span] {
        let traceID = request.span.traceID.bigEndianBytes
        let rootID = request.span.id.bigEndianBytes
        let record = request.record
        let start = UnixNanoseconds(record.at)
        let end = start + request.began.duration(to: request.end)
        var root = Span(traceID: traceID, spanID: rootID)
        root.parentID = request.span.parent?.parentID.bigEndianBytes ?? []
        (root.kind, root.name) = (.server, record.route)
        (root.startTime, root.endTime) = (UInt64(clamping: start.rawValue), UInt64(clamping: max(start, end).rawValue))
        root.attributes = rootAttributes
        root.setOutcome(error: error)
        let attempts = request.attempts.enumerated().map { index, one in
            var span = Span(traceID: traceID, spanID: request.span.attemptID(index + 1).bigEndianBytes)
            span.parentID = rootID
            (span.kind, span.name) = (.client, "\(one.provider)/\(one.model)")
            span.startTime = UInt64(clamping: (start + request.began.duration(to: one.begin)).rawValue)
            span.endTime = UInt64(clamping: (start + request.began.duration(to: one.end ?? request.end)).rawValue)
            span.attributes = [
                text("mlflow.spanType", "UNKNOWN"), text("mlflow.llm.provider", one.provider),
                text("mlflow.llm.model", one.model), text("unladen.endpoint", one.endpoint),
            ]
            span.setOutcome(error: one.error.map { request.settings.redaction.redacted($0) })
            return span
        }
        return [root] + attempts
    }

    private var error: String? {
        if let error = request.error { return request.settings.redaction.redacted(error) }
        let record = request.record
        if record.flags.contains(.abandoned) { return "The client disconnected before the end of the response." }
        if record.flags.contains(.broken) { return "The provider's stream broke off or ended with an error." }
        return record.status >= 400 ? "status \(record.status)" : nil
    }

    private var rootAttributes: [Attribute] {
        let record = request.record
        var attributes = [text("mlflow.spanType", spanType)]
        // The client names its own trace.
        if request.span.parent == nil { attributes.append(text("mlflow.traceTag.mlflow.traceName", record.route)) }
        if let inputs { attributes.append(text("mlflow.spanInputs", inputs)) }
        if let outputs { attributes.append(text("mlflow.spanOutputs", outputs)) }
        let tags: [(String, String?)] = [
            ("unladen.route", record.route), ("unladen.team", record.team), ("unladen.key", record.key),
            ("unladen.request_id", request.requestID), ("unladen.cached", record.flags.contains(.cached) ? "true" : nil),
        ]
        for (name, value) in tags { if let value { attributes.append(text("mlflow.traceTag.\(name)", value)) } }
        if let provider = record.provider { attributes.append(text("mlflow.llm.provider", provider)) }
        // Without a cost, a tracking server calculates it from the model's list price, and MLflow's server fails on a cost of null.
        // So if the cost is unknown, only the child spans, which have no tokens, name the model.
        if let model = record.model, tokens == nil || request.cost != nil { attributes.append(text("mlflow.llm.model", model)) }
        if let user = request.user { attributes.append(text("user.id", request.settings.redaction.redacted(user))) }
        if let tokens { attributes.append(tokens) }
        if let cost = request.cost {
            let members = cost.dollars.map { Attribute(key: $0.name, value: .number($0.amount)) }
            attributes.append(Attribute(key: "mlflow.llm.cost", value: .object(members)))
        }
        attributes.append(Attribute(key: "http.response.status_code", value: .integer(record.status)))
        if let first = record.firstToken {
            attributes.append(Attribute(key: "gen_ai.response.time_to_first_chunk", value: .number(first.seconds)))
        }
        return attributes
    }

    // Inputs and outputs are strings that hold JSON, as MLflow's own exporter writes them. As OTLP values they would have several
    // times as many values and levels of nesting, and could exceed a server's limits.

    private var inputs: String? {
        switch request.content {
        case nil: return nil
        case .omitted(let size): return "(\(size) bytes)"
        case .bytes(let bytes):
            // The gateway has parsed it within its limits before.
            guard let body = try? JSONValue(parsing: bytes, limits: .trusted) else { return nil }
            return request.settings.redaction.redacted(body).jsonString
        }
    }

    private var outputs: String? {
        guard request.settings.capturesContent, let response = ResponseAssembler(request).response else { return nil }
        return request.settings.redaction.redacted(response).jsonString
    }

    private var tokens: Attribute? {
        let record = request.record
        guard let prompt = record.promptTokens, let completion = record.completionTokens else { return nil }
        var usage = [
            Attribute(key: "input_tokens", value: .integer(prompt)), Attribute(key: "output_tokens", value: .integer(completion)),
            Attribute(key: "total_tokens", value: .integer(prompt.saturatingAdd(completion))),
        ]
        // MLflow's names (mlflow/tracing/constant.py, TokenUsageKey).
        let cache: [(name: String, count: Int64?)] = [
            ("cache_read_input_tokens", record.cachedTokens), ("cache_creation_input_tokens", record.cacheWriteTokens),
            ("cache_creation_input_tokens_above_1hr", record.cacheWrite1hTokens),
        ]
        for (name, count) in cache { if let count { usage.append(Attribute(key: name, value: .integer(count))) } }
        return Attribute(key: "mlflow.chat.tokenUsage", value: .object(usage))
    }

    private var spanType: String {
        switch request.task {
        case .chat: "CHAT_MODEL"
        case .completions: "LLM"
        case .embeddings: "EMBEDDING"
        }
    }

    private func text(_ key: String, _ value: String) -> Attribute { Attribute(key: key, value: .string(value)) }
}

extension Span {
    /// - Parameter error: the error's message; `nil` if the operation succeeded.
    fileprivate mutating func setOutcome(error: String?) { (status, statusMessage) = (error == nil ? .ok : .error, error ?? "") }
}

extension FixedWidthInteger {
    /// The bytes of an ID, most significant first.
    fileprivate var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
}
