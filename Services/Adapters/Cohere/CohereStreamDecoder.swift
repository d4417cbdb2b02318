internal import AdapterKit
internal import JSON
internal import Primitives

/// Translates a stream of Cohere's chat.
struct CohereStreamDecoder: SSEStreamDecoder {
    var parser = SSEParser()
    private var builder: OpenAIResponseBuilder
    private let includesUsage: Bool
    private var isAtEnd = false

    init(_ builder: OpenAIResponseBuilder, includesUsage: Bool) {
        self.builder = builder
        self.includesUsage = includesUsage
    }

    mutating func handle(_ event: SSEParser.Event, _ output: StreamOutput) throws(AdapterError) {
        guard !isAtEnd, !event.data.elementsEqual("[DONE]".utf8) else { return }
        let name = event.name
        let event = try event.object()
        let message = event["delta"]?["message"]
        switch event["type"]?.stringValue ?? name {
        case "message-start":
            builder.id = event["id"]?.stringValue ?? builder.id
            if builder.isChat { output.event(builder.chunk(["role": "assistant", "content": ""])) }
        case "content-delta":
            if let text = message?["content"]?["text"] {
                output.event(builder.chunk(builder.isChat ? ["content": text] : text))
            } else if let thought = message?["content"]?["thinking"], builder.isChat {
                output.event(builder.chunk(["reasoning_content": thought]))
            }
        case "tool-plan-delta":
            if let text = message?["tool_plan"], builder.isChat { output.event(builder.chunk(["content": text])) }
        case "tool-call-start", "tool-call-delta":
            guard var call = message?["tool_calls"]?.objectValue else { return }
            call["index"] = event["index"] ?? 0
            output.event(builder.chunk(["tool_calls": [.object(call)]]))
        case "message-end": end(event["delta"], output)
        default: break  // content-start and -end, tool-call-end, citations, and events of later versions.
        }
    }

    private mutating func end(_ delta: JSONValue?, _ output: StreamOutput) {
        isAtEnd = true
        let usage = delta?["usage"].flatMap(CohereUsage.decode)
        if let usage { output.usage(usage) }
        if let error = delta?["error"]?.stringValue { return output.error(ProviderError(error)) }
        guard !["ERROR", "TIMEOUT"].contains(delta?["finish_reason"]?.stringValue) else {
            return output.error(ProviderError("the provider failed to generate a response"))
        }
        output.event(
            builder.chunk(builder.isChat ? [:] : "", finishReason: ChatResponse.finishReason(delta?["finish_reason"])))
        if includesUsage, let usage { output.event(builder.chunk(usage)) }
        output.end()
    }
}
