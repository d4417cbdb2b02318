internal import AdapterKit
internal import JSON

/// A message of Anthropic's API as an answer of OpenAI's.
struct MessageAnswer {
    private let id: String
    private let model: String
    private let finishReason: JSONValue
    private var text: String?
    private var reasoning: String?
    private var toolCalls: [JSONValue] = []

    init(_ message: JSONObject) throws(AdapterError) {
        guard let id = message["id"]?.stringValue, let blocks = message["content"]?.arrayValue else {
            throw .malformed("the answer is no message of Anthropic's")
        }
        self.id = id
        model = message["model"]?.stringValue ?? ""
        finishReason = FinishReason.openAI(message["stop_reason"])
        for block in blocks {
            switch block["type"]?.stringValue {
            case "text": text = (text ?? "") + (block["text"]?.stringValue ?? "")
            case "thinking": reasoning = (reasoning ?? "") + (block["thinking"]?.stringValue ?? "")
            case "tool_use":
                toolCalls.append([
                    "id": block["id"] ?? "", "type": "function",
                    "function": ["name": block["name"] ?? "", "arguments": .string((block["input"] ?? [:]).jsonText)],
                ])
            default: break  // Blocks that OpenAI's answers have no place for.
            }
        }
    }

    func chat(time: Int64, usage: Usage?) -> JSONObject {
        var message: JSONObject = ["role": "assistant", "content": text.map { .string($0) } ?? .null]
        if let reasoning { message["reasoning_content"] = .string(reasoning) }
        if !toolCalls.isEmpty { message["tool_calls"] = .array(toolCalls) }
        return envelope(
            "chat.completion", ["index": 0, "message": .object(message), "logprobs": .null, "finish_reason": finishReason], time, usage)
    }

    func completion(time: Int64, usage: Usage?) -> JSONObject {
        envelope(
            "text_completion", ["index": 0, "text": .string(text ?? ""), "logprobs": .null, "finish_reason": finishReason], time, usage)
    }

    private func envelope(_ object: String, _ choice: JSONValue, _ time: Int64, _ usage: Usage?) -> JSONObject {
        var answer: JSONObject = [
            "id": .string(id), "object": .string(object), "created": .integer(time), "model": .string(model), "choices": [choice],
        ]
        if let usage { answer["usage"] = .object(usage.openAI) }
        return answer
    }
}

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

/// Adds up what the events of a stream, or one answer, say of the tokens. What was read from the cache or written to it is part
/// of the prompt, which Anthropic counts apart.
struct MessageUsage {
    private var counts: [String: Int64] = [:]

    mutating func take(_ usage: JSONValue) {
        for name in ["input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"] {
            if let count = usage[name]?.integerValue { counts[name] = count }
        }
    }

    var total: Usage? {
        guard !counts.isEmpty else { return nil }
        let cached = counts["cache_read_input_tokens"]
        let prompt = counts["input_tokens"].map { $0 + (cached ?? 0) + (counts["cache_creation_input_tokens"] ?? 0) }
        return Usage(prompt: prompt, completion: counts["output_tokens"], cached: cached)
    }
}
