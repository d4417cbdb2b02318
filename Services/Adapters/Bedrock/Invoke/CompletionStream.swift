internal import AdapterKit
internal import JSON

/// The stream of a completion by InvokeModel.
struct CompletionStream: EventReader {
    private let form: any CompletionForm.Type
    private let frame: AnswerFrame
    private let wantsUsage: Bool
    private var counts = TokenCounts()
    private var hasReason = false
    private(set) var isAtEnd = false

    init(_ form: any CompletionForm.Type, _ frame: AnswerFrame, wantsUsage: Bool) {
        self.form = form
        self.frame = frame
        self.wantsUsage = wantsUsage
    }

    mutating func take(_ type: String, _ event: EventMessage, _ output: StreamOutput) throws(AdapterError) {
        guard let bytes = try Chunk.bytes(type, event) else { return }
        let event = try EventMessage.object(bytes)
        let part = form.part(event)
        counts.take(part.counts)
        if let error = part.error {
            isAtEnd = true
            fail(output)
            return output.error(error)
        }
        if let reason = part.finishReason {
            hasReason = true
            output.event(frame.chunk(.string(part.text ?? ""), finishReason: reason))
        } else if let text = part.text, !text.isEmpty {
            output.event(frame.chunk(.string(text)))
        }
        // They come with the last event of each form.
        guard let metrics = event["amazon-bedrock-invocationMetrics"] else { return }
        counts.take(TokenCounts(metrics: metrics))
        end(output)
    }

    private mutating func end(_ output: StreamOutput) {
        isAtEnd = true
        if let usage = counts.usage {
            output.usage(usage)
            if wantsUsage { output.event(frame.chunk(usage)) }
        }
        output.end()
    }

    func fail(_ output: StreamOutput) {
        if let usage = counts.usage { output.usage(usage) }
    }

    mutating func finish(_ output: StreamOutput) {
        if hasReason { end(output) }
    }
}
