internal import AdapterKit
internal import JSON

/// A stream of Converse as one of chat completion chunks, or of completions.
struct ConverseStream: EventReader {
    private let frame: AnswerFrame
    private let wantsUsage: Bool
    /// The tools that are called, by the places of their blocks.
    private var toolCalls: [Int64: ToolCall] = [:]
    /// Thoughts, by the places of their blocks: the client must give them back with their signatures.
    private var thoughts: [Int64: Thinking] = [:]
    private var hasReason = false
    private(set) var isAtEnd = false

    private struct ToolCall {
        /// In the client's list.
        var place: Int64
        var hasArguments = false
    }

    private struct Thinking {
        var text = ""
        var signature: JSONValue?
        var redacted: JSONValue?

        var block: JSONValue {
            redacted.map { Thought.block(["redactedContent": $0]) } ?? Thought.block(text: text, signature: signature)
        }
    }

    init(_ frame: AnswerFrame, wantsUsage: Bool) {
        self.frame = frame
        self.wantsUsage = wantsUsage
    }

    mutating func take(_ type: String, _ event: EventMessage, _ output: StreamOutput) throws(AdapterError) {
        let event = try event.object()
        let index = event["contentBlockIndex"]?.integerValue ?? 0
        switch type {
        case "messageStart":
            if frame.isChat { output.event(frame.chunk(["role": "assistant", "content": ""])) }
        case "contentBlockStart":
            guard frame.isChat, let call = event["start"]?["toolUse"] else { return }
            let place = Int64(toolCalls.count)
            toolCalls[index] = ToolCall(place: place)
            let function: JSONValue = ["name": call["name"] ?? "", "arguments": ""]
            emit(["index": .integer(place), "id": call["toolUseId"] ?? "", "type": "function", "function": function], output)
        case "contentBlockDelta":
            if let delta = event["delta"] { take(delta, of: index, output) }
        case "contentBlockStop": endBlock(index, output)
        case "messageStop":
            hasReason = true
            output.event(frame.chunk(frame.isChat ? [:] : "", finishReason: ConverseAnswer.finishReason(event["stopReason"])))
        case "metadata":
            let usage = TokenCounts(converse: event)?.usage
            if let usage { output.usage(usage) }
            if wantsUsage, let usage { output.event(frame.chunk(usage)) }
            end(output)
        default: break  // What later versions add.
        }
    }

    private mutating func take(_ delta: JSONValue, of block: Int64, _ output: StreamOutput) {
        if let text = delta["text"] {
            output.event(frame.chunk(frame.isChat ? ["content": text] : text))
        } else if let json = delta["toolUse"]?["input"]?.stringValue, !json.isEmpty, let call = toolCalls[block] {
            toolCalls[block]?.hasArguments = true
            emit(["index": .integer(call.place), "function": ["arguments": .string(json)]], output)
        } else if let content = delta["reasoningContent"], frame.isChat {
            if let text = content["text"]?.stringValue {
                thoughts[block, default: Thinking()].text += text
                output.event(frame.chunk(["reasoning_content": .string(text)]))
            }
            if let signature = content["signature"] { thoughts[block, default: Thinking()].signature = signature }
            if let data = content["redactedContent"] { thoughts[block, default: Thinking()].redacted = data }
        }
    }

    /// A tool without arguments gets none in the stream, where clients expect an empty object at least.
    private mutating func endBlock(_ index: Int64, _ output: StreamOutput) {
        if let thought = thoughts.removeValue(forKey: index) {
            output.event(frame.chunk(["thinking_blocks": [thought.block]]))
        }
        if let call = toolCalls[index], !call.hasArguments {
            emit(["index": .integer(call.place), "function": ["arguments": "{}"]], output)
        }
    }

    private func emit(_ toolCall: JSONValue, _ output: StreamOutput) {
        output.event(frame.chunk(["tool_calls": [toolCall]]))
    }

    private mutating func end(_ output: StreamOutput) {
        isAtEnd = true
        output.end()
    }

    /// The metadata come last, and tell nothing but what was used.
    mutating func finish(_ output: StreamOutput) {
        if hasReason { end(output) }
    }
}
