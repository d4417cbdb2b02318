internal import JSON

/// Encodes a response of Cohere's chat as a whole or as events.
struct CohereEncoder {
    let id: String
    let choice: EchoModel.Choice
    let tokens: Tokens
    let serial: Int

    private var usage: JSONValue {
        // The model processes more tokens than are billed.
        [
            "billed_units": ["input_tokens": .init(tokens.prompt), "output_tokens": .init(tokens.completion)],
            "tokens": ["input_tokens": .init(tokens.prompt + 66), "output_tokens": .init(tokens.completion + 2)],
        ]
    }

    private var reason: JSONValue {
        switch choice.finish {
        case .end: "COMPLETE"
        case .stop: "STOP_SEQUENCE"
        case .length: "MAX_TOKENS"
        case .toolCalls: "TOOL_CALL"
        }
    }

    private static let plan = "I will call the tools."

    func whole() -> JSONValue {
        let calls = choice.toolCalls.enumerated().map { position, call in self.call(call, position, arguments: call.arguments) }
        let message: JSONValue =
            calls.isEmpty
            ? ["role": "assistant", "content": [["type": "text", "text": .string(choice.text)]]]
            : ["role": "assistant", "tool_plan": .string(Self.plan), "tool_calls": .array(calls)]
        return ["id": .string(id), "finish_reason": reason, "message": message, "usage": usage]
    }

    private func call(_ call: EchoModel.ToolCall, _ position: Int, arguments: String) -> JSONValue {
        let function: JSONValue = ["name": .string(call.name), "arguments": .string(arguments)]
        return ["id": .string("\(call.name)_\(serial)_\(position)"), "type": "function", "function": function]
    }

    func stream() -> [StreamChunk] {
        let empty: JSONValue = ["role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []]
        var pieces = [Self.event("message-start", ["id": .string(id), "delta": ["message": empty]])]
        if choice.toolCalls.isEmpty {
            pieces.append(
                Self.event("content-start", ["index": 0, "delta": Self.message(["content": ["type": "text", "text": ""]])]))
            pieces += choice.parts.map { part in
                Self.event(
                    "content-delta", ["index": 0, "delta": Self.message(["content": ["text": .string(String(part))]])], tokens: 1)
            }
            pieces.append(Self.event("content-end", ["index": 0]))
        } else {
            pieces += Words.split(Self.plan).map {
                Self.event("tool-plan-delta", ["delta": Self.message(["tool_plan": .string(String($0))])])
            }
            for (position, call) in choice.toolCalls.enumerated() { pieces += self.pieces(call, position) }
        }
        pieces.append(Self.event("message-end", ["delta": ["finish_reason": reason, "usage": usage]], settles: true))
        return pieces
    }

    private func pieces(_ call: EchoModel.ToolCall, _ position: Int) -> [StreamChunk] {
        let start = Self.message(["tool_calls": self.call(call, position, arguments: "")])
        let deltas = Words.split(call.arguments).map { part in
            let delta = Self.message(["tool_calls": ["function": ["arguments": .string(String(part))]]])
            return Self.event("tool-call-delta", ["index": .init(position), "delta": delta], tokens: 1)
        }
        return [Self.event("tool-call-start", ["index": .init(position), "delta": start], tokens: 1)] + deltas
            + [Self.event("tool-call-end", ["index": .init(position)])]
    }

    private static func message(_ members: JSONObject) -> JSONValue { ["message": .object(members)] }

    static func event(_ type: String, _ members: JSONObject, tokens: Int = 0, settles: Bool = false) -> StreamChunk {
        let head: JSONObject = ["type": .string(type)]
        return ServerSentEvents.event(type, JSONValue.object(head.with(members)), tokens: tokens, settles: settles)
    }
}
