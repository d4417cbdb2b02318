internal import AdapterKit
internal import JSON

/// Translates an InvokeModel stream of a completion.
struct CompletionEventHandler: EventHandler {
    private let format: any CompletionFormat.Type
    private let builder: OpenAIResponseBuilder
    private let includesUsage: Bool
    private var counts = TokenCounts()
    private var hasFinishReason = false
    private(set) var isAtEnd = false

    init(_ format: any CompletionFormat.Type, _ builder: OpenAIResponseBuilder, includesUsage: Bool) {
        self.format = format
        self.builder = builder
        self.includesUsage = includesUsage
    }

    mutating func handle(_ type: String, _ event: EventStreamMessage, _ output: StreamOutput) throws(AdapterError) {
        guard let bytes = try Chunk.bytes(type, event) else { return }
        let event = try EventStreamMessage.object(bytes)
        let part = format.decodeEvent(event)
        counts.update(part.counts)
        if let error = part.error {
            isAtEnd = true
            fail(output)
            return output.error(error)
        }
        if let reason = part.finishReason {
            hasFinishReason = true
            output.event(builder.chunk(.string(part.text ?? ""), finishReason: reason))
        } else if let text = part.text, !text.isEmpty {
            output.event(builder.chunk(.string(text)))
        }
        // In every format, the last event contains the metrics.
        guard let metrics = event["amazon-bedrock-invocationMetrics"] else { return }
        counts.update(TokenCounts(metrics: metrics))
        end(output)
    }

    private mutating func end(_ output: StreamOutput) {
        isAtEnd = true
        if let usage = counts.usage {
            output.usage(usage)
            if includesUsage { output.event(builder.chunk(usage)) }
        }
        output.end()
    }

    func fail(_ output: StreamOutput) {
        if let usage = counts.usage { output.usage(usage) }
    }

    mutating func finish(_ output: StreamOutput) {
        if hasFinishReason { end(output) }
    }
}
