internal import JSON

/// Translates thinking blocks with their signatures between Anthropic's format, which clients see, and Converse's.
enum ThinkingBlock {
    static func converse(_ block: JSONValue) -> JSONValue? {
        switch block["type"]?.stringValue {
        case "thinking":
            var text: JSONObject = ["text": block["thinking"] ?? ""]
            if let signature = block["signature"] { text["signature"] = signature }
            return ["reasoningContent": ["reasoningText": .object(text)]]
        case "redacted_thinking": return ["reasoningContent": ["redactedContent": block["data"] ?? ""]]
        default: return nil
        }
    }

    /// - Parameter content: a `reasoningContent`.
    static func block(_ content: JSONValue) -> JSONValue {
        if let data = content["redactedContent"] { return ["type": "redacted_thinking", "data": data] }
        return block(text: content["reasoningText"]?["text"]?.stringValue ?? "", signature: content["reasoningText"]?["signature"])
    }

    static func block(text: String, signature: JSONValue?) -> JSONValue {
        var block: JSONObject = ["type": "thinking", "thinking": .string(text)]
        if let signature { block["signature"] = signature }
        return .object(block)
    }
}
