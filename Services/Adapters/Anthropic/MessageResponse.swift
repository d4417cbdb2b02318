internal import AdapterKit
internal import JSON

/// Translates a message of Anthropic's API into a response of OpenAI's.
struct MessageResponse {
    private let id: String
    private let model: String
    private let finishReason: JSONValue
    private var text: String?
    private var reasoning: String?
    /// Thinking blocks with their signatures, which the client must send back.
    private var thinkingBlocks: [JSONValue] = []
    private var toolCalls: [JSONValue] = []

    init(_ message: JSONObject) throws(AdapterError) {
        guard let id = message["id"]?.stringValue, let blocks = message["content"]?.arrayValue else {
            throw .malformed("the response is not an Anthropic message")
        }
        self.id = id
        model = message["model"]?.stringValue ?? ""
        finishReason = FinishReason.openAI(message["stop_reason"])
        for block in blocks {
            switch block["type"]?.stringValue {
            case "text": text = (text ?? "") + (block["text"]?.stringValue ?? "")
            case "thinking":
                reasoning = (reasoning ?? "") + (block["thinking"]?.stringValue ?? "")
                thinkingBlocks.append(block)
            case "redacted_thinking": thinkingBlocks.append(block)
            case "tool_use":
                toolCalls.append([
                    "id": block["id"] ?? "", "type": "function",
                    "function": ["name": block["name"] ?? "", "arguments": .string((block["input"] ?? [:]).jsonString)],
                ])
            default: break  // Blocks without a counterpart in OpenAI's responses.
            }
        }
    }

    func openAI(isChat: Bool, time: Int64, usage: Usage?) -> JSONObject {
        let builder = OpenAIResponseBuilder(id: id, model: model, created: time, isChat: isChat)
        guard isChat else {
            return builder.response([builder.choice(.string(text ?? ""), finishReason: finishReason)], usage: usage)
        }
        var message = OpenAIResponseBuilder.message(text: text, reasoning: reasoning, toolCalls: toolCalls)
        if !thinkingBlocks.isEmpty, var object = message.objectValue {
            object["thinking_blocks"] = .array(thinkingBlocks)
            message = .object(object)
        }
        return builder.response([builder.choice(message, finishReason: finishReason)], usage: usage)
    }
}

/// Translates Anthropic's stop reasons.
enum FinishReason {
    static func openAI(_ reason: JSONValue?) -> JSONValue {
        switch reason?.stringValue {
        case "max_tokens", "model_context_window_exceeded": "length"
        case "tool_use": "tool_calls"
        case "refusal": "content_filter"
        case nil: .null
        default: "stop"  // end_turn, stop_sequence, pause_turn
        }
    }
}
