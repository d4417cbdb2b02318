internal import AdapterKit
internal import JSON

/// A stream of messages as one of chat completion chunks, or of completions.
struct MessageStream: StreamDecoder {
    private var parser = EventStreamParser()
    private var chunks: Chunks

    init(isChat: Bool, time: Int64, wantsUsage: Bool) {
        chunks = Chunks(isChat: isChat, time: time, wantsUsage: wantsUsage)
    }

    mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, _ output: StreamOutput) throws(AdapterError) {
        var chunks = chunks
        defer { self.chunks = chunks }
        try parser.feed(bytes) { event throws(AdapterError) in try chunks.take(try MessageEvent(event), output) }
    }

    mutating func finish(_ output: StreamOutput) throws(AdapterError) {}

    /// What the events have come to so far.
    private struct Chunks {
        let isChat: Bool
        let time: Int64
        let wantsUsage: Bool
        private var id = ""
        private var model = ""
        private var usage = MessageUsage()
        /// The places in the client's list of tool calls, by the places of the blocks.
        private var toolCalls: [Int64: Int64] = [:]
        private var isAtEnd = false

        init(isChat: Bool, time: Int64, wantsUsage: Bool) {
            self.isChat = isChat
            self.time = time
            self.wantsUsage = wantsUsage
        }

        mutating func take(_ event: MessageEvent, _ output: StreamOutput) throws(AdapterError) {
            guard !isAtEnd else { return }
            let object = event.object
            switch event.type {
            case "message_start":
                id = object["message"]?["id"]?.stringValue ?? ""
                model = object["message"]?["model"]?.stringValue ?? ""
                if let counts = object["message"]?["usage"] { usage.take(counts) }
                if isChat { output.event(chunk(delta: ["role": "assistant", "content": ""])) }
            case "content_block_start":
                guard let block = object["content_block"], block["type"] == "tool_use", let index = object["index"]?.integerValue else { return }
                let place = Int64(toolCalls.count)
                toolCalls[index] = place
                let function: JSONValue = ["name": block["name"] ?? "", "arguments": ""]
                output.event(
                    chunk(delta: [
                        "tool_calls": [["index": .integer(place), "id": block["id"] ?? "", "type": "function", "function": function]]
                    ]))
            case "content_block_delta": take(delta: object["delta"], of: object["index"]?.integerValue, output)
            case "message_delta":
                if let counts = object["usage"] { usage.take(counts) }
                let reason = FinishReason.openAI(object["delta"]?["stop_reason"])
                output.event(isChat ? chunk(delta: [:], finishReason: reason) : chunk(text: "", finishReason: reason))
            case "message_stop":
                isAtEnd = true
                if let total = usage.total {
                    output.usage(total)
                    if wantsUsage {
                        var last = envelope([])
                        last["usage"] = .object(total.openAI)
                        output.event(last)
                    }
                }
                output.end()
            case "error":
                isAtEnd = true
                // What was used up to here is owed all the same.
                if let total = usage.total { output.usage(total) }
                output.error(AnthropicAdapter.error(object) ?? ProviderError("the provider's stream has failed"))
            default: break  // ping, content_block_stop, and what later versions add.
            }
        }

        private func take(delta: JSONValue?, of block: Int64?, _ output: StreamOutput) {
            switch delta?["type"]?.stringValue {
            case "text_delta":
                let text = delta?["text"] ?? ""
                output.event(isChat ? chunk(delta: ["content": text]) : chunk(text: text))
            case "thinking_delta":
                if isChat { output.event(chunk(delta: ["reasoning_content": delta?["thinking"] ?? ""])) }
            case "input_json_delta":
                guard let block, let place = toolCalls[block] else { return }
                let function: JSONValue = ["arguments": delta?["partial_json"] ?? ""]
                output.event(chunk(delta: ["tool_calls": [["index": .integer(place), "function": function]]]))
            default: break
            }
        }

        private func chunk(delta: JSONValue, finishReason: JSONValue = .null) -> JSONObject {
            envelope([["index": 0, "delta": delta, "logprobs": .null, "finish_reason": finishReason]])
        }

        private func chunk(text: JSONValue, finishReason: JSONValue = .null) -> JSONObject {
            envelope([["index": 0, "text": text, "logprobs": .null, "finish_reason": finishReason]])
        }

        private func envelope(_ choices: JSONValue) -> JSONObject {
            [
                "id": .string(id), "object": isChat ? "chat.completion.chunk" : "text_completion", "created": .integer(time),
                "model": .string(model), "choices": choices,
            ]
        }
    }
}

/// A stream of messages that passes as it is.
struct PassingStream: StreamDecoder {
    private var parser = EventStreamParser()
    private var usage = MessageUsage()
    private var isAtEnd = false

    mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, _ output: StreamOutput) throws(AdapterError) {
        var state = (usage: usage, isAtEnd: isAtEnd)
        defer { (usage, isAtEnd) = state }
        try parser.feed(bytes) { event throws(AdapterError) in
            guard !state.isAtEnd else { return }
            let message = try MessageEvent(event)
            for counts in [message.object["message"]?["usage"], message.object["usage"]] {
                guard let counts else { continue }
                state.usage.take(counts)
                if let total = state.usage.total { output.usage(total) }
            }
            if message.type == "error" {
                state.isAtEnd = true
                return output.error(AnthropicAdapter.error(message.object) ?? ProviderError("the provider's stream has failed"))
            }
            output.event(message.type, event.line(message.object))
            if message.type == "message_stop" {
                state.isAtEnd = true
                output.end()
            }
        }
    }

    mutating func finish(_ output: StreamOutput) throws(AdapterError) {}
}

/// An event of a stream of messages.
struct MessageEvent {
    var type: String
    var object: JSONObject

    init(_ event: EventStreamParser.Event) throws(AdapterError) {
        object = try event.object()
        type = object["type"]?.stringValue ?? event.name
    }
}
