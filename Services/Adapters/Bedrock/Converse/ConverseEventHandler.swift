internal import AdapterKit
internal import JSON

/// Translates a stream of Converse into chat completion chunks, or into completions.
struct ConverseEventHandler: EventHandler {
    private let builder: OpenAIResponseBuilder
    private let includesUsage: Bool
    /// The tool calls, by block index.
    private var toolCalls: [Int64: ToolCall] = [:]
    /// The thinking blocks, by block index. The client must send them back with their signatures.
    private var thinkingBlocks: [Int64: Thinking] = [:]
    private var hasFinishReason = false
    private(set) var isAtEnd = false

    private struct ToolCall {
        /// The index in the client's `tool_calls`.
        var position: Int64
        var hasArguments = false
    }

    private struct Thinking {
        var text = ""
        var signature: JSONValue?
        var redacted: JSONValue?

        var block: JSONValue {
            redacted.map { ThinkingBlock.block(["redactedContent": $0]) } ?? ThinkingBlock.block(text: text, signature: signature)
        }
    }

    init(_ builder: OpenAIResponseBuilder, includesUsage: Bool) {
        self.builder = builder
        self.includesUsage = includesUsage
    }

    mutating func handle(_ type: String, _ event: EventStreamMessage, _ output: StreamOutput) throws(AdapterError) {
        let event = try event.object()
        let index = event["contentBlockIndex"]?.integerValue ?? 0
        switch type {
        case "messageStart":
            if builder.isChat { output.event(builder.chunk(["role": "assistant", "content": ""])) }
        case "contentBlockStart":
            guard builder.isChat, let call = event["start"]?["toolUse"] else { return }
            let position = Int64(toolCalls.count)
            toolCalls[index] = ToolCall(position: position)
            let function: JSONValue = ["name": call["name"] ?? "", "arguments": ""]
            emit(["index": .integer(position), "id": call["toolUseId"] ?? "", "type": "function", "function": function], output)
        case "contentBlockDelta":
            if let delta = event["delta"] { handle(delta, of: index, output) }
        case "contentBlockStop": endBlock(index, output)
        case "messageStop":
            hasFinishReason = true
            output.event(builder.chunk(builder.isChat ? [:] : "", finishReason: ConverseResponse.finishReason(event["stopReason"])))
        case "metadata":
            let usage = TokenCounts(converse: event)?.usage
            if let usage { output.usage(usage) }
            if includesUsage, let usage { output.event(builder.chunk(usage)) }
            end(output)
        default: break  // Events of later versions.
        }
    }

    private mutating func handle(_ delta: JSONValue, of block: Int64, _ output: StreamOutput) {
        if let text = delta["text"] {
            output.event(builder.chunk(builder.isChat ? ["content": text] : text))
        } else if let json = delta["toolUse"]?["input"]?.stringValue, !json.isEmpty, let call = toolCalls[block] {
            toolCalls[block]?.hasArguments = true
            emit(["index": .integer(call.position), "function": ["arguments": .string(json)]], output)
        } else if let content = delta["reasoningContent"], builder.isChat {
            if let text = content["text"]?.stringValue {
                thinkingBlocks[block, default: Thinking()].text += text
                output.event(builder.chunk(["reasoning_content": .string(text)]))
            }
            if let signature = content["signature"] { thinkingBlocks[block, default: Thinking()].signature = signature }
            if let data = content["redactedContent"] { thinkingBlocks[block, default: Thinking()].redacted = data }
        }
    }

    /// Ends a block. A tool call without arguments has no argument deltas, but clients expect at least an empty object.
    private mutating func endBlock(_ index: Int64, _ output: StreamOutput) {
        if let thought = thinkingBlocks.removeValue(forKey: index) {
            output.event(builder.chunk(["thinking_blocks": [thought.block]]))
        }
        if let call = toolCalls[index], !call.hasArguments {
            emit(["index": .integer(call.position), "function": ["arguments": "{}"]], output)
        }
    }

    private func emit(_ toolCall: JSONValue, _ output: StreamOutput) {
        output.event(builder.chunk(["tool_calls": [toolCall]]))
    }

    private mutating func end(_ output: StreamOutput) {
        isAtEnd = true
        output.end()
    }

    /// Ends the stream even without the metadata, which come last and contain only the usage.
    mutating func finish(_ output: StreamOutput) {
        if hasFinishReason { end(output) }
    }
}
