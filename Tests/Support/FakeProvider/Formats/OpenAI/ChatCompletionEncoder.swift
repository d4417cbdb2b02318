internal import JSON

/// Encodes a chat completion. Benchmarks use this as a baseline, so it writes JSON directly, without a tree.
struct ChatCompletionEncoder {
    let id: String
    let model: String
    let serial: Int

    func whole(_ echo: EchoModel) -> [UInt8] {
        var json = JSONWriter(capacity: 768)
        json.object { json in
            start(&json, "chat.completion")
            json.name("choices")
            json.array { json in
                for (index, choice) in echo.choices.enumerated() { write(choice, at: index, &json) }
            }
            json.name("usage")
            Self.write(echo.tokens, &json)
            json.field("service_tier", echo.tokens.tier.rawValue)
            json.field("system_fingerprint", "fp_fake")
        }
        return json.bytes
    }

    private func start(_ json: inout JSONWriter, _ object: String) {
        json.field("id", id)
        json.field("object", object)
        json.field("created", OpenAIFormat.created)
        json.field("model", model)
    }

    private func write(_ choice: EchoModel.Choice, at index: Int, _ json: inout JSONWriter) {
        json.object { json in
            json.field("index", Int64(index))
            json.name("message")
            json.object { json in
                json.field("role", "assistant")
                json.name("content")
                if choice.toolCalls.isEmpty { json.string(choice.text) } else { json.null() }
                json.name("refusal")
                json.null()
                json.field(
                    "tool_calls",
                    choice.toolCalls.enumerated().map { position, call in toolCall(call, choice: index, position: position) })
            }
            json.name("logprobs")
            json.null()
            json.field("finish_reason", Self.reason(choice.finish))
        }
    }

    private func toolCall(_ call: EchoModel.ToolCall, choice: Int, position: Int) -> JSONValue {
        let function: JSONValue = ["name": .string(call.name), "arguments": .string(call.arguments)]
        return ["id": .string(callID(choice: choice, position: position)), "type": "function", "function": function]
    }

    private func callID(choice: Int, position: Int) -> String { "call_\(serial)_\(choice)_\(position)" }

    static func write(_ tokens: Tokens, _ json: inout JSONWriter) {
        json.object { json in
            json.field("prompt_tokens", Int64(tokens.prompt))
            json.field("completion_tokens", Int64(tokens.completion))
            json.field("total_tokens", Int64(tokens.total))
            guard tokens.read + tokens.allWritten > 0 else { return }
            json.name("prompt_tokens_details")
            json.object { json in
                json.field("cached_tokens", Int64(tokens.read))
                json.field("cache_write_tokens", Int64(tokens.allWritten))
            }
        }
    }

    static func reason(_ finish: EchoModel.Finish) -> String {
        switch finish {
        case .end, .stop: "stop"
        case .length: "length"
        case .toolCalls: "tool_calls"
        }
    }

    // MARK: Streams

    /// - Parameter inLastChunk: whether the usage is in the chunk with the finish reason rather than in its own chunk.
    func stream(_ echo: EchoModel, includesUsage: Bool, inLastChunk: Bool) -> [StreamChunk] {
        let chunks = ChunkWriter(self, tier: echo.tokens.tier, namesUsage: includesUsage && !inLastChunk)
        var pieces: [StreamChunk] = []
        for (index, choice) in echo.choices.enumerated() {
            pieces.append(chunks.chunk(index) { $0.raw(Array(#"{"role":"assistant","content":"","refusal":null}"#.utf8)) })
            for part in choice.parts {
                pieces.append(
                    chunks.chunk(index, tokens: 1) { json in
                        json.object { $0.field("content", String(part)) }
                    })
            }
            for (position, call) in choice.toolCalls.enumerated() {
                pieces += chunks.pieces(call, index, position, callID(choice: index, position: position))
            }
            let usage = inLastChunk && index == echo.choices.count - 1 ? echo.tokens : nil
            pieces.append(chunks.chunk(index, reason: Self.reason(choice.finish), usage: usage) { $0.raw(Array("{}".utf8)) })
        }
        if includesUsage, !inLastChunk { pieces.append(chunks.usage(echo.tokens)) }
        return pieces + [ServerSentEvents.done]
    }

    /// Encodes the chunks of one stream.
    struct ChunkWriter {
        private let start: [UInt8]
        private let end: [UInt8]

        init(_ encoder: ChatCompletionEncoder, tier: Tokens.Tier, namesUsage: Bool) {
            var json = JSONWriter()
            json.object { json in
                encoder.start(&json, "chat.completion.chunk")
                if tier != .standard { json.field("service_tier", tier.rawValue) }
                json.field("system_fingerprint", "fp_fake")
            }
            start = Array("data: ".utf8) + json.bytes.dropLast() + Array(#","choices":["#.utf8)
            end = Array((namesUsage ? #"],"usage":null}"# : "]}").utf8)
        }

        func chunk(
            _ index: Int, tokens: Int = 0, reason: String? = nil, usage: Tokens? = nil, _ delta: (inout JSONWriter) -> Void
        ) -> StreamChunk {
            var json = JSONWriter(capacity: 128)
            json.object { json in
                json.field("index", Int64(index))
                json.name("delta")
                delta(&json)
                json.name("logprobs")
                json.null()
                json.name("finish_reason")
                if let reason { json.string(reason) } else { json.null() }
            }
            let end = usage.map(Self.ending) ?? end
            return StreamChunk(bytes: start + json.bytes + end + [0x0A, 0x0A], tokens: tokens, settles: usage != nil)
        }

        func pieces(_ call: EchoModel.ToolCall, _ index: Int, _ position: Int, _ id: String) -> [StreamChunk] {
            let function: JSONValue = ["name": .string(call.name), "arguments": ""]
            let first: JSONValue = ["index": .init(position), "id": .string(id), "type": "function", "function": function]
            let rest = Words.split(call.arguments).map { part -> JSONValue in
                ["index": .init(position), "function": ["arguments": .string(String(part))]]
            }
            return ([first] + rest).map { delta in
                chunk(index, tokens: 1) { JSONValue.object(["tool_calls": [delta]]).write(to: &$0) }
            }
        }

        func usage(_ tokens: Tokens) -> StreamChunk {
            StreamChunk(bytes: start + Self.ending(tokens) + [0x0A, 0x0A], settles: true)
        }

        private static func ending(_ tokens: Tokens) -> [UInt8] {
            var json = JSONWriter()
            ChatCompletionEncoder.write(tokens, &json)
            return Array(#"],"usage":"#.utf8) + json.bytes + [UInt8(ascii: "}")]
        }
    }
}
