internal import AdapterKit
internal import JSON

/// Translates a response of Converse into one of OpenAI's.
struct ConverseResponse {
    private var text: String?
    private var reasoning: String?
    /// Thinking blocks with their signatures, which the client must send back.
    private var thinkingBlocks: [JSONValue] = []
    private var toolCalls: [JSONValue] = []
    private let finishReason: JSONValue
    private let usage: Usage?

    init(_ response: JSONObject) throws(AdapterError) {
        guard let blocks = response["output"]?["message"]?["content"]?.arrayValue else {
            throw .malformed("the response has no message")
        }
        finishReason = Self.finishReason(response["stopReason"])
        usage = TokenCounts(converse: response)?.usage
        for block in blocks {
            if let said = block["text"]?.stringValue {
                text = (text ?? "") + said
            } else if let call = block["toolUse"] {
                toolCalls.append([
                    "id": call["toolUseId"] ?? "", "type": "function",
                    "function": ["name": call["name"] ?? "", "arguments": .string((call["input"] ?? [:]).jsonString)],
                ])
            } else if let content = block["reasoningContent"] {
                if let thought = content["reasoningText"]?["text"]?.stringValue { reasoning = (reasoning ?? "") + thought }
                thinkingBlocks.append(ThinkingBlock.block(content))
            }  // Other blocks have no counterpart in OpenAI's responses.
        }
    }

    func openAI(using builder: OpenAIResponseBuilder) -> DecodedResponse {
        var value: JSONValue = .string(text ?? "")
        if builder.isChat,
            var message = OpenAIResponseBuilder.message(text: text, reasoning: reasoning, toolCalls: toolCalls).objectValue
        {
            if !thinkingBlocks.isEmpty { message["thinking_blocks"] = .array(thinkingBlocks) }
            value = .object(message)
        }
        return DecodedResponse(builder.response([builder.choice(value, finishReason: finishReason)], usage: usage), usage: usage)
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
