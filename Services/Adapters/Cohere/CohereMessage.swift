internal import AdapterKit
internal import JSON

/// What Cohere's chat answers.
struct CohereMessage {
    var text: String?
    var reasoning: String?
    var toolCalls: [JSONValue]
    var finishReason: JSONValue

    init(_ answer: JSONObject) throws(AdapterError) {
        guard let message = answer["message"], message.objectValue != nil else { throw .malformed("the answer has no message") }
        guard !["ERROR", "TIMEOUT"].contains(answer["finish_reason"]) else { throw .malformed("the provider has given up") }
        for block in message["content"]?.arrayValue ?? [] {
            if let said = block["text"]?.stringValue { text = (text ?? "") + said }
            if let thought = block["thinking"]?.stringValue { reasoning = (reasoning ?? "") + thought }
        }
        // What the model says before it calls its tools.
        if text == nil { text = message["tool_plan"]?.stringValue }
        toolCalls = message["tool_calls"]?.arrayValue ?? []
        finishReason = Self.finishReason(answer["finish_reason"])
    }

    func openAI(in frame: AnswerFrame, usage: Usage?) -> JSONObject {
        let value = frame.isChat ? AnswerFrame.message(text: text, reasoning: reasoning, toolCalls: toolCalls) : .string(text ?? "")
        return frame.answer([frame.choice(value, finishReason: finishReason)], usage: usage)
    }

    static func finishReason(_ reason: JSONValue?) -> JSONValue {
        switch reason?.stringValue {
        case "MAX_TOKENS": "length"
        case "TOOL_CALL": "tool_calls"
        case "ERROR_TOXIC": "content_filter"
        case nil: .null
        default: "stop"  // COMPLETE, STOP_SEQUENCE
        }
    }
}

enum CohereUsage {
    /// `tokens` is what went through the model, `billed_units` what is paid for: the second counts for money, and is what clients of
    /// other providers know as usage.
    static func read(_ usage: JSONValue) -> Usage? {
        let counts = usage["billed_units"]?.objectValue ?? usage["tokens"]?.objectValue
        guard let counts, let input = counts["input_tokens"].flatMap(whole) else { return nil }
        return Usage(prompt: input, completion: counts["output_tokens"].flatMap(whole))
    }

    private static func whole(_ value: JSONValue) -> Int64? {
        value.integerValue ?? value.doubleValue.flatMap { Int64(exactly: $0.rounded()) }
    }
}
