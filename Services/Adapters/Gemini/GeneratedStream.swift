internal import AdapterKit
internal import JSON

/// A stream of `generateContent`: each event is an answer in itself, with what is new. Nothing marks the end but a reason for it in
/// the last event.
struct GeneratedStream: EventDecoder {
    var parser = EventStreamParser()
    private var answer: Generated
    private let wantsUsage: Bool
    private var started: Set<Int64> = []
    private var calls: [Int64: Int] = [:]
    private var usage: Usage?
    private var hasReason = false
    private var hasFailed = false

    init(_ answer: Generated, wantsUsage: Bool) {
        self.answer = answer
        self.wantsUsage = wantsUsage
    }

    mutating func take(_ event: EventStreamParser.Event, _ output: StreamOutput) throws(AdapterError) {
        guard !hasFailed else { return }
        let object = try event.object()
        let error = GeminiAdapter.error(.object(object))
        if let version = object["modelVersion"] { answer.frame.model = version }
        if let counts = object["usageMetadata"].flatMap(Generated.usage) {
            usage = counts
            // Before its end, a stream doesn't count what was said: that isn't nothing.
            let isLast = object["candidates"]?.arrayValue?.contains { $0["finishReason"] != nil } ?? true
            output.usage(isLast || counts.completionTokens != 0 ? counts : counts.ofPrompt)
        }
        if let error {
            hasFailed = true
            return output.error(error)
        }
        for candidate in answer.candidates(object, after: calls) { take(candidate, output) }
    }

    private mutating func take(_ candidate: Generated.Candidate, _ output: StreamOutput) {
        if candidate.finishReason != nil { hasReason = true }
        guard answer.frame.isChat else { return emit(candidate, .string(candidate.text ?? ""), output) }
        var delta: JSONObject = started.insert(candidate.index).inserted ? ["role": "assistant"] : [:]
        if let text = candidate.text { delta["content"] = .string(text) }
        if let reasoning = candidate.reasoning { delta["reasoning_content"] = .string(reasoning) }
        if !candidate.toolCalls.isEmpty {
            let before = calls[candidate.index] ?? 0
            calls[candidate.index] = before + candidate.toolCalls.count
            delta["tool_calls"] = .array(
                candidate.toolCalls.enumerated().map { place, call in
                    var call = call.objectValue ?? [:]
                    call["index"] = .integer(Int64(before + place))
                    return .object(call)
                })
        }
        emit(candidate, .object(delta), output)
    }

    private func emit(_ candidate: Generated.Candidate, _ delta: JSONValue, _ output: StreamOutput) {
        output.event(answer.frame.chunk(delta, at: candidate.index, finishReason: candidate.openAIReason))
    }

    mutating func finish(_ output: StreamOutput) throws(AdapterError) {
        guard hasReason, !hasFailed else { return }
        if wantsUsage, let usage { output.event(answer.frame.chunk(usage)) }
        output.end()
    }
}
