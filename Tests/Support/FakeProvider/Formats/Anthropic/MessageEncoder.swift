internal import JSON

/// Encodes a message as a whole or as events.
struct MessageEncoder {
    let serial: Int
    let model: String
    let choice: EchoModel.Choice
    let tokens: Tokens

    private var stop: (reason: JSONValue, sequence: JSONValue) {
        switch choice.finish {
        case .end: ("end_turn", .null)
        case .stop(let sequence): ("stop_sequence", .string(sequence))
        case .length: ("max_tokens", .null)
        case .toolCalls: ("tool_use", .null)
        }
    }

    func whole() -> JSONValue {
        let blocks =
            choice.toolCalls.isEmpty
            ? [["type": "text", "text": .string(choice.text)]]
            : choice.toolCalls.enumerated().map { position, call in block(call, position, input: call.input) }
        return message(blocks, stop, output: tokens.completion)
    }

    private func message(_ blocks: [JSONValue], _ stop: (reason: JSONValue, sequence: JSONValue), output: Int) -> JSONValue {
        [
            "id": .string("msg_\(serial)"), "type": "message", "role": "assistant", "model": .string(model),
            "content": .array(blocks),
            "stop_reason": stop.reason, "stop_sequence": stop.sequence,
            "usage": [
                "input_tokens": .init(tokens.input), "cache_creation_input_tokens": .init(tokens.allWritten),
                "cache_read_input_tokens": .init(tokens.read),
                "cache_creation": [
                    "ephemeral_5m_input_tokens": .init(tokens.written), "ephemeral_1h_input_tokens": .init(tokens.writtenForAnHour),
                ],
                "output_tokens": .init(output),
                "service_tier": .string(tokens.tier == .standard ? "standard" : tokens.tier.rawValue),
            ],
        ]
    }

    private func block(_ call: EchoModel.ToolCall, _ position: Int, input: JSONValue) -> JSONValue {
        ["type": "tool_use", "id": .string("toolu_\(serial)_\(position)"), "name": .string(call.name), "input": input]
    }

    func stream() -> [StreamChunk] {
        var pieces = [event("message_start", ["message": message([], (.null, .null), output: 1)])]
        if choice.toolCalls.isEmpty {
            pieces.append(event("content_block_start", ["index": 0, "content_block": ["type": "text", "text": ""]]))
            pieces.append(event("ping", [:]))
            pieces += choice.parts.map { delta(0, ["type": "text_delta", "text": .string(String($0))]) }
            pieces.append(event("content_block_stop", ["index": 0]))
        }
        for (position, call) in choice.toolCalls.enumerated() {
            let start = block(call, position, input: [:])
            pieces.append(event("content_block_start", ["index": .init(position), "content_block": start], tokens: 1))
            pieces += Words.split(call.arguments).map {
                delta(position, ["type": "input_json_delta", "partial_json": .string(String($0))])
            }
            pieces.append(event("content_block_stop", ["index": .init(position)]))
        }
        let end: JSONValue = ["stop_reason": stop.reason, "stop_sequence": stop.sequence]
        let usage: JSONValue = ["output_tokens": .init(tokens.completion)]
        pieces.append(event("message_delta", ["delta": end, "usage": usage], settles: true))
        return pieces + [event("message_stop", [:])]
    }

    private func delta(_ index: Int, _ delta: JSONValue) -> StreamChunk {
        event("content_block_delta", ["index": .init(index), "delta": delta], tokens: 1)
    }

    private func event(_ type: String, _ members: JSONObject, tokens: Int = 0, settles: Bool = false) -> StreamChunk {
        let head: JSONObject = ["type": .string(type)]
        return ServerSentEvents.event(type, JSONValue.object(head.with(members)), tokens: tokens, settles: settles)
    }
}
