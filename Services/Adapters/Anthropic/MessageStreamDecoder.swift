internal import AdapterKit
internal import JSON
internal import Primitives

/// Translates a stream of Anthropic's Messages API into chat completion chunks, or into completions.
struct MessageStreamDecoder: SSEStreamDecoder {
    var parser = SSEParser()
    private var builder: OpenAIResponseBuilder
    private let includesUsage: Bool
    private var usage = MessagesUsageAccumulator()
    /// The tool calls, by block index.
    private var toolCalls: [Int64: ToolCall] = [:]
    /// The thinking blocks, by block index. The client must send them back with their signatures.
    private var thinkingBlocks: [Int64: JSONObject] = [:]
    private var isAtEnd = false

    private struct ToolCall {
        /// The index in the client's `tool_calls`.
        var position: Int64
        /// The arguments, if they came with the start of the block.
        var input: JSONValue
        var hasArguments = false
    }

    init(isChat: Bool, time: Int64, includesUsage: Bool) {
        builder = OpenAIResponseBuilder(id: "", model: "", created: time, isChat: isChat)
        self.includesUsage = includesUsage
    }

    mutating func handle(_ event: SSEParser.Event, _ output: StreamOutput) throws(AdapterError) {
        guard !isAtEnd else { return }
        let event = try MessageEvent(event)
        let object = event.object
        switch event.type {
        case "message_start":
            builder.id = object["message"]?["id"]?.stringValue ?? ""
            builder.model = object["message"]?["model"] ?? ""
            if let counts = object["message"]?["usage"] { usage.update(start: counts) }
            // Report the prompt now, so that it is billed even if the client disconnects before the end.
            if let prompt = usage.prompt { output.usage(prompt) }
            if builder.isChat { output.event(builder.chunk(["role": "assistant", "content": ""])) }
        case "content_block_start":
            guard builder.isChat, let block = object["content_block"], let index = object["index"]?.integerValue else { return }
            if ["thinking", "redacted_thinking"].contains(block["type"]) { thinkingBlocks[index] = block.objectValue }
            guard block["type"] == "tool_use" else { return }
            let position = Int64(toolCalls.count)
            toolCalls[index] = ToolCall(position: position, input: block["input"] ?? [:])
            let function: JSONValue = ["name": block["name"] ?? "", "arguments": ""]
            let call: JSONValue = ["index": .integer(position), "id": block["id"] ?? "", "type": "function", "function": function]
            output.event(builder.chunk(["tool_calls": [call]]))
        case "content_block_delta": handle(delta: object["delta"], of: object["index"]?.integerValue, output)
        case "content_block_stop": endBlock(object["index"]?.integerValue, output)
        case "message_delta":
            if let counts = object["usage"] { usage.update(counts) }
            let reason = FinishReason.openAI(object["delta"]?["stop_reason"])
            output.event(builder.chunk(builder.isChat ? [:] : "", finishReason: reason))
        case "message_stop":
            isAtEnd = true
            if let total = usage.total {
                output.usage(total)
                if includesUsage { output.event(builder.chunk(total)) }
            }
            output.end()
        case _ where event.isError:
            isAtEnd = true
            // The usage so far is billed in spite of the error.
            if let total = usage.total { output.usage(total) }
            output.error(OpenAIErrors.decode(object) ?? ProviderError("the provider's stream failed"))
        default: break  // ping, and events of later versions.
        }
    }

    /// Ends a block. A tool call without arguments has no argument deltas, but clients expect at least an empty object.
    private mutating func endBlock(_ index: Int64?, _ output: StreamOutput) {
        guard let index else { return }
        if let thought = thinkingBlocks.removeValue(forKey: index) {
            output.event(builder.chunk(["thinking_blocks": [.object(thought)]]))
        }
        guard let call = toolCalls[index], !call.hasArguments else { return }
        let function: JSONValue = ["arguments": .string(call.input.jsonString)]
        output.event(builder.chunk(["tool_calls": [["index": .integer(call.position), "function": function]]]))
    }

    private mutating func handle(delta: JSONValue?, of block: Int64?, _ output: StreamOutput) {
        switch delta?["type"]?.stringValue {
        case "text_delta":
            let text = delta?["text"] ?? ""
            output.event(builder.chunk(builder.isChat ? ["content": text] : text))
        case "thinking_delta":
            guard builder.isChat, let block else { return }
            let thought = delta?["thinking"]?.stringValue ?? ""
            let before = thinkingBlocks[block]?["thinking"]?.stringValue ?? ""
            thinkingBlocks[block]?["thinking"] = .string(before + thought)
            output.event(builder.chunk(["reasoning_content": .string(thought)]))
        case "signature_delta":
            if let block { thinkingBlocks[block]?["signature"] = delta?["signature"] }
        case "input_json_delta":
            guard let block, let call = toolCalls[block], let json = delta?["partial_json"]?.stringValue, !json.isEmpty else { return }
            toolCalls[block]?.hasArguments = true
            let function: JSONValue = ["arguments": .string(json)]
            output.event(builder.chunk(["tool_calls": [["index": .integer(call.position), "function": function]]]))
        default: break
        }
    }
}

/// Passes a stream of the Messages API through unchanged.
struct PassthroughStreamDecoder: SSEStreamDecoder {
    var parser = SSEParser()
    private var usage = MessagesUsageAccumulator()
    private var isAtEnd = false

    mutating func handle(_ event: SSEParser.Event, _ output: StreamOutput) throws(AdapterError) {
        guard !isAtEnd else { return }
        let message = try MessageEvent(event)
        if let counts = message.object["message"]?["usage"] {
            usage.update(start: counts)
            if let prompt = usage.prompt { output.usage(prompt) }
        }
        if let counts = message.object["usage"] {
            usage.update(counts)
            if let total = usage.total { output.usage(total) }
        }
        if message.isError {
            isAtEnd = true
            return output.error(OpenAIErrors.decode(message.object) ?? ProviderError("the provider's stream failed"))
        }
        output.event(message.type, event.line(message.object))
        if message.type == "message_stop" {
            isAtEnd = true
            output.end()
        }
    }
}

/// An event of a stream of the Messages API.
struct MessageEvent {
    var type: String
    var object: JSONObject

    init(_ event: SSEParser.Event) throws(AdapterError) {
        object = try event.object()
        type = object["type"]?.stringValue ?? event.name
    }

    /// Whether the event is an error. This includes an event without a type, which isn't part of the Messages API.
    var isError: Bool { type == "error" || type.isEmpty && OpenAIErrors.decode(object) != nil }
}
