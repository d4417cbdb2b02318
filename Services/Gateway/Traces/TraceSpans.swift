internal import JSON
internal import ModelPrices
internal import PluginHost
internal import SafeText
internal import ServiceKit

/// Makes the spans of a request: one for the request, and below it one for each try at an endpoint.
///
/// Attributes are MLflow's (`mlflow.tracing.constant.SpanAttributeKey` in its source), which its UI and `mlflow.search_traces` know;
/// `mlflow.traceTag.…` of the first span become the trace's tags.
struct TraceSpans {
    let finished: FinishedCall
    let random: RandomSource

    func make() -> [OTLPSpan] {
        let traceID = random.hexID()
        let rootID = spanID()
        let record = finished.record
        let start = record.at * 1_000_000
        let end = start + finished.call.began.duration(to: finished.end).nanoseconds
        let root = OTLPSpan(
            traceID: traceID, spanID: rootID, name: record.route, start: start, end: max(start, end), attributes: rootAttributes,
            error: error)
        let tries = finished.tries.map { one in
            OTLPSpan(
                traceID: traceID, spanID: spanID(), parentID: rootID, name: "\(one.target.provider)/\(one.target.model)",
                start: start + finished.call.began.duration(to: one.begin).nanoseconds,
                end: start + finished.call.began.duration(to: one.end ?? finished.end).nanoseconds,
                attributes: [
                    text("mlflow.spanType", "UNKNOWN"), text("mlflow.llm.provider", one.target.provider),
                    text("mlflow.llm.model", one.target.model), text("unladen.endpoint", one.target.name),
                ],
                error: one.error.map { finished.settings.redaction.redacted($0.message) })
        }
        return [root] + tries
    }

    private var error: String? {
        if let error = finished.error { return finished.settings.redaction.redacted(error.message) }
        let record = finished.record
        if record.flags.contains(.abandoned) { return "The client went away before the end." }
        if record.flags.contains(.broken) { return "The provider cut off its stream or ended it with an error." }
        return record.status >= 400 ? "status \(record.status)" : nil
    }

    private var rootAttributes: [OTLPAttribute] {
        let (call, record) = (finished.call, finished.record)
        var attributes = [text("mlflow.spanType", spanType), text("mlflow.traceTag.mlflow.traceName", record.route)]
        if finished.settings.hasContent {
            let redaction = finished.settings.redaction
            attributes.append(OTLPAttribute(key: "mlflow.spanInputs", value: redaction.redacted(.object(call.request))))
            if let answer = Transcript(finished).answer {
                attributes.append(OTLPAttribute(key: "mlflow.spanOutputs", value: redaction.redacted(answer)))
            }
        }
        let tags: [(String, String?)] = [
            ("unladen.route", record.route), ("unladen.team", record.team), ("unladen.key", record.key),
            ("unladen.request_id", call.requestID), ("unladen.cached", record.flags.contains(.cached) ? "true" : nil),
        ]
        for (name, value) in tags { if let value { attributes.append(text("mlflow.traceTag.\(name)", value)) } }
        if let provider = record.provider { attributes.append(text("mlflow.llm.provider", provider)) }
        // A tracking server prices tokens of a model at its usual price where no cost is given, and MLflow's fails at a cost of null. So
        // where the cost is unknown, the model stands in the spans below only, which have no tokens.
        if let model = record.model, tokens == nil || finished.cost != nil { attributes.append(text("mlflow.llm.model", model)) }
        // The client's own names for who and what for: OpenAI's `user`, Anthropic's `metadata.user_id`.
        if let user = call.request["user"]?.stringValue ?? call.request["metadata"]?["user_id"]?.stringValue {
            attributes.append(text("user.id", finished.settings.redaction.redacted(user)))
        }
        if let tokens { attributes.append(tokens) }
        if let cost = finished.cost {
            let members = cost.dollars.map { JSONObject.Member(name: $0.name, value: .number($0.amount)) }
            attributes.append(OTLPAttribute(key: "mlflow.llm.cost", value: .object(JSONObject(members))))
        }
        attributes.append(OTLPAttribute(key: "http.response.status_code", value: .integer(record.status)))
        if let first = record.firstToken {
            attributes.append(OTLPAttribute(key: "gen_ai.response.time_to_first_chunk", value: .number(Double(first) / 1e6)))
        }
        return attributes
    }

    private var tokens: OTLPAttribute? {
        let record = finished.record
        guard let prompt = record.promptTokens, let completion = record.completionTokens else { return nil }
        var usage = JSONObject([
            .init(name: "input_tokens", value: .integer(prompt)), .init(name: "output_tokens", value: .integer(completion)),
            .init(name: "total_tokens", value: .integer(prompt.addingReportingOverflow(completion).partialValue)),
        ])
        // MLflow's names (mlflow/tracing/constant.py, TokenUsageKey).
        if let read = record.cachedTokens { usage["cache_read_input_tokens"] = .integer(read) }
        if let written = record.cacheWriteTokens { usage["cache_creation_input_tokens"] = .integer(written) }
        if let hour = record.cacheWrite1hTokens { usage["cache_creation_input_tokens_above_1hr"] = .integer(hour) }
        return OTLPAttribute(key: "mlflow.chat.tokenUsage", value: .object(usage))
    }

    private var spanType: String {
        switch finished.call.route.task {
        case .chat: "CHAT_MODEL"
        case .completions: "LLM"
        case .embeddings: "EMBEDDING"
        }
    }

    private func text(_ key: String, _ value: String) -> OTLPAttribute { OTLPAttribute(key: key, value: .string(value)) }

    private func spanID() -> String { String(random.hexID().suffix(16)) }
}

extension Duration {
    fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
