internal import AdapterKit
internal import JSON

/// A response of Cohere's chat.
struct ChatResponse {
    var text: String?
    var reasoning: String?
    var toolCalls: [JSONValue]
    var finishReason: JSONValue

    init(_ response: JSONObject) throws(AdapterError) {
        guard let message = response["message"], message.objectValue != nil else { throw .malformed("the response has no message") }
        guard !["ERROR", "TIMEOUT"].contains(response["finish_reason"]) else {
            throw .malformed("the provider failed to generate a response")
        }
        for block in message["content"]?.arrayValue ?? [] {
            if let said = block["text"]?.stringValue { text = (text ?? "") + said }
            if let thought = block["thinking"]?.stringValue { reasoning = (reasoning ?? "") + thought }
        }
        // The model's text before it calls tools.
        if text == nil { text = message["tool_plan"]?.stringValue }
        toolCalls = message["tool_calls"]?.arrayValue ?? []
        finishReason = Self.finishReason(response["finish_reason"])
    }

    func openAI(using builder: OpenAIResponseBuilder, usage: Usage?) -> JSONObject {
        let value =
            builder.isChat
            ? OpenAIResponseBuilder.message(text: text, reasoning: reasoning, toolCalls: toolCalls) : .string(text ?? "")
        return builder.response([builder.choice(value, finishReason: finishReason)], usage: usage)
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

/// Decodes Cohere's usage.
enum CohereUsage {
    /// `tokens` counts what the model processed, `billed_units` what is billed. The latter determines the cost, and corresponds to the
    /// usage of other providers.
    static func decode(_ usage: JSONValue) -> Usage? {
        let counts = usage["billed_units"]?.objectValue ?? usage["tokens"]?.objectValue
        guard let counts, let input = counts["input_tokens"].flatMap(whole) else { return nil }
        return Usage(prompt: input, completion: counts["output_tokens"].flatMap(whole))
    }

    private static func whole(_ value: JSONValue) -> Int64? {
        value.integerValue ?? value.doubleValue.flatMap { Int64(exactly: $0.rounded()) }
    }
}
