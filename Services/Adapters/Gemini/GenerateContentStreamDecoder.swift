internal import AdapterKit
internal import JSON
internal import Primitives

/// Translates a stream of `generateContent`: each event is a response with the new content. Only the finish reason in the last event
/// marks the end.
struct GenerateContentStreamDecoder: SSEStreamDecoder {
    var parser = SSEParser()
    private var response: GenerateContentResponse
    private let includesUsage: Bool
    private var started: Set<Int64> = []
    private var calls: [Int64: Int] = [:]
    private var usage: Usage?
    private var hasFinishReason = false
    private var hasFailed = false

    init(_ response: GenerateContentResponse, includesUsage: Bool) {
        self.response = response
        self.includesUsage = includesUsage
    }

    mutating func handle(_ event: SSEParser.Event, _ output: StreamOutput) throws(AdapterError) {
        guard !hasFailed else { return }
        let object = try event.object()
        let error = GeminiAdapter.error(.object(object))
        if let version = object["modelVersion"] { response.builder.model = version }
        if let counts = object["usageMetadata"].flatMap(GenerateContentResponse.usage) {
            usage = counts
            // Before the end, a stream may not count the output. A missing count doesn't mean that nothing was used.
            let isLast = object["candidates"]?.arrayValue?.contains { $0["finishReason"] != nil } ?? true
            output.usage(isLast || counts.completionTokens != 0 ? counts : counts.promptOnly)
        }
        if let error {
            hasFailed = true
            return output.error(error)
        }
        for candidate in response.candidates(object, after: calls) { handle(candidate, output) }
    }

    private mutating func handle(_ candidate: GenerateContentResponse.Candidate, _ output: StreamOutput) {
        if candidate.finishReason != nil { hasFinishReason = true }
        guard response.builder.isChat else { return emit(candidate, .string(candidate.text ?? ""), output) }
        var delta: JSONObject = started.insert(candidate.index).inserted ? ["role": "assistant"] : [:]
        if let text = candidate.text { delta["content"] = .string(text) }
        if let reasoning = candidate.reasoning { delta["reasoning_content"] = .string(reasoning) }
        if !candidate.toolCalls.isEmpty {
            let before = calls[candidate.index] ?? 0
            calls[candidate.index] = before + candidate.toolCalls.count
            delta["tool_calls"] = .array(
                candidate.toolCalls.enumerated().map { position, call in
                    var call = call.objectValue ?? [:]
                    call["index"] = .integer(Int64(before + position))
                    return .object(call)
                })
        }
        emit(candidate, .object(delta), output)
    }

    private func emit(_ candidate: GenerateContentResponse.Candidate, _ delta: JSONValue, _ output: StreamOutput) {
        output.event(response.builder.chunk(delta, at: candidate.index, finishReason: candidate.openAIReason))
    }

    mutating func finish(_ output: StreamOutput) throws(AdapterError) {
        guard hasFinishReason, !hasFailed else { return }
        if includesUsage, let usage { output.event(response.builder.chunk(usage)) }
        output.end()
    }
}
