internal import AdapterKit
internal import JSON

/// A stream of messages as one of chat completion chunks, or of completions.
struct MessageStream: EventDecoder {
    var parser = EventStreamParser()
    private var frame: AnswerFrame
    private let wantsUsage: Bool
    private var usage = MessageUsage()
    /// The tools that are called, by the places of their blocks.
    private var toolCalls: [Int64: ToolCall] = [:]
    /// Thoughts, by the places of their blocks: the client must give them back with their signatures.
    private var thoughts: [Int64: JSONObject] = [:]
    private var isAtEnd = false

    private struct ToolCall {
        /// In the client's list.
        var place: Int64
        /// The arguments, if they came with the start of the block.
        var input: JSONValue
        var hasArguments = false
    }

    init(isChat: Bool, time: Int64, wantsUsage: Bool) {
        frame = AnswerFrame(id: "", model: "", created: time, isChat: isChat)
        self.wantsUsage = wantsUsage
    }

    mutating func take(_ event: EventStreamParser.Event, _ output: StreamOutput) throws(AdapterError) {
        guard !isAtEnd else { return }
        let event = try MessageEvent(event)
        let object = event.object
        switch event.type {
        case "message_start":
            frame.id = object["message"]?["id"]?.stringValue ?? ""
            frame.model = object["message"]?["model"] ?? ""
            if let counts = object["message"]?["usage"] { usage.take(start: counts) }
            // What a client owes that doesn't wait for the end.
            if let prompt = usage.prompt { output.usage(prompt) }
            if frame.isChat { output.event(frame.chunk(["role": "assistant", "content": ""])) }
        case "content_block_start":
            guard frame.isChat, let block = object["content_block"], let index = object["index"]?.integerValue else { return }
            if ["thinking", "redacted_thinking"].contains(block["type"]) { thoughts[index] = block.objectValue }
            guard block["type"] == "tool_use" else { return }
            let place = Int64(toolCalls.count)
            toolCalls[index] = ToolCall(place: place, input: block["input"] ?? [:])
            let function: JSONValue = ["name": block["name"] ?? "", "arguments": ""]
            let call: JSONValue = ["index": .integer(place), "id": block["id"] ?? "", "type": "function", "function": function]
            output.event(frame.chunk(["tool_calls": [call]]))
        case "content_block_delta": take(delta: object["delta"], of: object["index"]?.integerValue, output)
        case "content_block_stop": endBlock(object["index"]?.integerValue, output)
        case "message_delta":
            if let counts = object["usage"] { usage.take(counts) }
            let reason = FinishReason.openAI(object["delta"]?["stop_reason"])
            output.event(frame.chunk(frame.isChat ? [:] : "", finishReason: reason))
        case "message_stop":
            isAtEnd = true
            if let total = usage.total {
                output.usage(total)
                if wantsUsage { output.event(frame.chunk(total)) }
            }
            output.end()
        case _ where event.isError:
            isAtEnd = true
            // What was used up to here is owed all the same.
            if let total = usage.total { output.usage(total) }
            output.error(OpenAIErrors.decode(object) ?? ProviderError("the provider's stream has failed"))
        default: break  // ping, and what later versions add.
        }
    }

    /// A tool without arguments gets none in the stream, where clients expect an empty object at least.
    private mutating func endBlock(_ index: Int64?, _ output: StreamOutput) {
        guard let index else { return }
        if let thought = thoughts.removeValue(forKey: index) {
            output.event(frame.chunk(["thinking_blocks": [.object(thought)]]))
        }
        guard let call = toolCalls[index], !call.hasArguments else { return }
        let function: JSONValue = ["arguments": .string(call.input.jsonText)]
        output.event(frame.chunk(["tool_calls": [["index": .integer(call.place), "function": function]]]))
    }

    private mutating func take(delta: JSONValue?, of block: Int64?, _ output: StreamOutput) {
        switch delta?["type"]?.stringValue {
        case "text_delta":
            let text = delta?["text"] ?? ""
            output.event(frame.chunk(frame.isChat ? ["content": text] : text))
        case "thinking_delta":
            guard frame.isChat, let block else { return }
            let thought = delta?["thinking"]?.stringValue ?? ""
            let before = thoughts[block]?["thinking"]?.stringValue ?? ""
            thoughts[block]?["thinking"] = .string(before + thought)
            output.event(frame.chunk(["reasoning_content": .string(thought)]))
        case "signature_delta":
            if let block { thoughts[block]?["signature"] = delta?["signature"] }
        case "input_json_delta":
            guard let block, let call = toolCalls[block], let json = delta?["partial_json"]?.stringValue, !json.isEmpty else { return }
            toolCalls[block]?.hasArguments = true
            output.event(frame.chunk(["tool_calls": [["index": .integer(call.place), "function": ["arguments": .string(json)]]]]))
        default: break
        }
    }
}

/// A stream of messages that passes as it is.
struct PassingStream: EventDecoder {
    var parser = EventStreamParser()
    private var usage = MessageUsage()
    private var isAtEnd = false

    mutating func take(_ event: EventStreamParser.Event, _ output: StreamOutput) throws(AdapterError) {
        guard !isAtEnd else { return }
        let message = try MessageEvent(event)
        if let counts = message.object["message"]?["usage"] {
            usage.take(start: counts)
            if let prompt = usage.prompt { output.usage(prompt) }
        }
        if let counts = message.object["usage"] {
            usage.take(counts)
            if let total = usage.total { output.usage(total) }
        }
        if message.isError {
            isAtEnd = true
            return output.error(OpenAIErrors.decode(message.object) ?? ProviderError("the provider's stream has failed"))
        }
        output.event(message.type, event.line(message.object))
        if message.type == "message_stop" {
            isAtEnd = true
            output.end()
        }
    }
}

/// An event of a stream of messages.
struct MessageEvent {
    var type: String
    var object: JSONObject

    init(_ event: EventStreamParser.Event) throws(AdapterError) {
        object = try event.object()
        type = object["type"]?.stringValue ?? event.name
    }

    /// Also an event without a type, which is none of a message's.
    var isError: Bool { type == "error" || type.isEmpty && OpenAIErrors.decode(object) != nil }
}
