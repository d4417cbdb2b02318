internal import AdapterKit
internal import JSON

/// The stream of Cohere's chat.
struct CohereStream: EventDecoder {
    var parser = EventStreamParser()
    private var frame: AnswerFrame
    private let wantsUsage: Bool
    private var isAtEnd = false

    init(_ frame: AnswerFrame, wantsUsage: Bool) {
        self.frame = frame
        self.wantsUsage = wantsUsage
    }

    mutating func take(_ event: EventStreamParser.Event, _ output: StreamOutput) throws(AdapterError) {
        guard !isAtEnd, !event.data.elementsEqual("[DONE]".utf8) else { return }
        let name = event.name
        let event = try event.object()
        let message = event["delta"]?["message"]
        switch event["type"]?.stringValue ?? name {
        case "message-start":
            frame.id = event["id"]?.stringValue ?? frame.id
            if frame.isChat { output.event(frame.chunk(["role": "assistant", "content": ""])) }
        case "content-delta":
            if let text = message?["content"]?["text"] {
                output.event(frame.chunk(frame.isChat ? ["content": text] : text))
            } else if let thought = message?["content"]?["thinking"], frame.isChat {
                output.event(frame.chunk(["reasoning_content": thought]))
            }
        case "tool-plan-delta":
            if let text = message?["tool_plan"], frame.isChat { output.event(frame.chunk(["content": text])) }
        case "tool-call-start", "tool-call-delta":
            guard var call = message?["tool_calls"]?.objectValue else { return }
            call["index"] = event["index"] ?? 0
            output.event(frame.chunk(["tool_calls": [.object(call)]]))
        case "message-end": end(event["delta"], output)
        default: break  // content-start and -end, tool-call-end, citations, and what later versions add.
        }
    }

    private mutating func end(_ delta: JSONValue?, _ output: StreamOutput) {
        isAtEnd = true
        let usage = delta?["usage"].flatMap(CohereUsage.read)
        if let usage { output.usage(usage) }
        if let error = delta?["error"]?.stringValue { return output.error(ProviderError(error)) }
        guard !["ERROR", "TIMEOUT"].contains(delta?["finish_reason"]?.stringValue) else {
            return output.error(ProviderError("the provider has given up"))
        }
        output.event(
            frame.chunk(frame.isChat ? [:] : "", finishReason: CohereMessage.finishReason(delta?["finish_reason"])))
        if wantsUsage, let usage { output.event(frame.chunk(usage)) }
        output.end()
    }
}
