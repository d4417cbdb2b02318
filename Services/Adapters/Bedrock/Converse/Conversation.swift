internal import AdapterKit
internal import JSON

/// The messages of a chat in Converse's format: a separate system prompt, and alternating turns of user and assistant. The results of
/// tools belong to the user's turns.
struct Conversation {
    private(set) var system: [JSONValue] = []
    private(set) var turns: [JSONValue] = []
    /// Whether the conversation contains tool calls or their results.
    private(set) var usesTools = false

    init(_ messages: [JSONValue]) throws(AdapterError) {
        var turns = ConversationTurns(contentKey: "content")
        var parser = NestedJSONParser(within: messages)
        for (index, message) in messages.enumerated() {
            let path = "messages[\(index)]"
            switch message["role"]?.stringValue {
            case "system", "developer": system += try Content.blocks(message["content"], at: path)
            case "user": turns.add("user", try Content.blocks(message["content"], at: path))
            case "assistant":
                let calls = message["tool_calls"]?.arrayValue ?? []
                if !calls.isEmpty { usesTools = true }
                turns.add("assistant", try Self.assistantContent(message, at: path) + Self.toolUses(calls, &parser, at: path))
            case "tool":
                usesTools = true
                turns.add("user", try Self.result(message, at: path))
            default: throw .invalid("'\(path).role' must be system, developer, user, assistant or tool")
            }
        }
        self.turns = try turns.all()
    }

    private static func assistantContent(_ message: JSONValue, at path: String) throws(AdapterError) -> [JSONValue] {
        // The model can continue after thinking only if it receives its thinking blocks again.
        var blocks = (message["thinking_blocks"]?.arrayValue ?? []).compactMap(ThinkingBlock.converse)
        if let content = message["content"], content != .null { blocks += try Content.blocks(content, at: path) }
        if let refusal = message["refusal"]?.stringValue { blocks.append(["text": .string(refusal)]) }
        return blocks
    }

    private static func toolUses(
        _ calls: [JSONValue], _ parser: inout NestedJSONParser, at path: String
    ) throws(AdapterError) -> [JSONValue] {
        var blocks: [JSONValue] = []
        for (index, call) in calls.enumerated() {
            let name = "\(path).tool_calls[\(index)]"
            guard let id = call["id"]?.stringValue, let function = call["function"]?["name"]?.stringValue else {
                throw .invalid("'\(name)' must have an 'id' and a 'function.name'")
            }
            let arguments = call["function"]?["arguments"]?.stringValue ?? ""
            guard let input = arguments.isEmpty ? [:] : parser.value(arguments), input.objectValue != nil else {
                throw .invalid("'\(name).function.arguments' must be a JSON object")
            }
            blocks.append(["toolUse": ["toolUseId": .string(id), "name": .string(function), "input": input]])
        }
        return blocks
    }

    private static func result(_ message: JSONValue, at path: String) throws(AdapterError) -> [JSONValue] {
        guard let id = message["tool_call_id"]?.stringValue else { throw .invalid("'\(path).tool_call_id' is missing") }
        let blocks = try Content.blocks(message["content"], at: path)
        // A cache point follows the result instead of being part of it.
        let content = blocks.filter { $0["cachePoint"] == nil }
        return [["toolResult": ["toolUseId": .string(id), "content": .array(content)]]] + blocks.filter { $0["cachePoint"] != nil }
    }
}
