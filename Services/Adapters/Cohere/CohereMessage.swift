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
        for block in message["content"]?.arrayValue ?? [] {
            if let said = block["text"]?.stringValue { text = (text ?? "") + said }
            if let thought = block["thinking"]?.stringValue { reasoning = (reasoning ?? "") + thought }
        }
        // What the model says before it calls its tools.
        if text == nil { text = message["tool_plan"]?.stringValue }
        toolCalls = message["tool_calls"]?.arrayValue ?? []
        finishReason = Self.finishReason(answer["finish_reason"])
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

    private static func whole(_ value: JSONValue) -> Int64? { value.integerValue ?? value.doubleValue.flatMap { Int64(exactly: $0.rounded()) } }
}

/// The frame of answers and chunks in OpenAI's form.
struct Envelope: Sendable {
    var id: String
    let time: Int64
    let model: String
    let isChat: Bool

    func whole(_ message: CohereMessage, usage: Usage?) -> JSONObject {
        var said: JSONObject = ["role": "assistant", "content": message.text.map { .string($0) } ?? .null]
        if let reasoning = message.reasoning { said["reasoning_content"] = .string(reasoning) }
        if !message.toolCalls.isEmpty { said["tool_calls"] = .array(message.toolCalls) }
        let value: JSONValue = isChat ? .object(said) : .string(message.text ?? "")
        var answer = object(isChat ? "chat.completion" : "text_completion", isChat ? "message" : "text", value, message.finishReason)
        if let usage { answer["usage"] = .object(usage.openAI) }
        return answer
    }

    func chunk(_ delta: JSONValue, finishReason: JSONValue = .null) -> JSONObject {
        object(isChat ? "chat.completion.chunk" : "text_completion", isChat ? "delta" : "text", delta, finishReason)
    }

    func lastChunk(_ usage: Usage) -> JSONObject {
        var chunk = self.chunk(.null)
        chunk["choices"] = []
        chunk["usage"] = .object(usage.openAI)
        return chunk
    }

    private func object(_ object: String, _ name: String, _ value: JSONValue, _ finishReason: JSONValue) -> JSONObject {
        [
            "id": .string(id), "object": .string(object), "created": .integer(time), "model": .string(model),
            "choices": [["index": 0, name: value, "logprobs": .null, "finish_reason": finishReason]],
        ]
    }
}
