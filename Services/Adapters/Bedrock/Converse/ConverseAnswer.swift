internal import AdapterKit
internal import JSON

/// An answer of Converse as one of OpenAI's.
struct ConverseAnswer {
    private var text: String?
    private var reasoning: String?
    /// Thoughts with their signatures, which the client must give back.
    private var thoughts: [JSONValue] = []
    private var toolCalls: [JSONValue] = []
    private let finishReason: JSONValue
    private let usage: Usage?

    init(_ answer: JSONObject) throws(AdapterError) {
        guard let blocks = answer["output"]?["message"]?["content"]?.arrayValue else {
            throw .malformed("the answer has no message")
        }
        finishReason = Self.finishReason(answer["stopReason"])
        usage = TokenCounts(converse: answer)?.usage
        for block in blocks {
            if let said = block["text"]?.stringValue {
                text = (text ?? "") + said
            } else if let call = block["toolUse"] {
                toolCalls.append([
                    "id": call["toolUseId"] ?? "", "type": "function",
                    "function": ["name": call["name"] ?? "", "arguments": .string((call["input"] ?? [:]).jsonText)],
                ])
            } else if let content = block["reasoningContent"] {
                if let thought = content["reasoningText"]?["text"]?.stringValue { reasoning = (reasoning ?? "") + thought }
                thoughts.append(Thought.block(content))
            }  // Else a block that OpenAI's answers have no place for.
        }
    }

    func openAI(in frame: AnswerFrame) -> DecodedAnswer {
        var value: JSONValue = .string(text ?? "")
        if frame.isChat, var message = AnswerFrame.message(text: text, reasoning: reasoning, toolCalls: toolCalls).objectValue {
            if !thoughts.isEmpty { message["thinking_blocks"] = .array(thoughts) }
            value = .object(message)
        }
        return DecodedAnswer(frame.answer([frame.choice(value, finishReason: finishReason)], usage: usage), usage: usage)
    }

    static func finishReason(_ reason: JSONValue?) -> JSONValue {
        switch reason?.stringValue {
        case "max_tokens", "model_context_window_exceeded": "length"
        case "tool_use": "tool_calls"
        case "guardrail_intervened", "content_filtered": "content_filter"
        case nil: .null
        default: "stop"  // end_turn, stop_sequence, malformed_model_output, malformed_tool_use
        }
    }
}
