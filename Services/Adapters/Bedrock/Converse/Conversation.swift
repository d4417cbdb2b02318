internal import AdapterKit
internal import JSON

/// The messages of a chat as Converse has them: what the system says apart, and turns of user and assistant, in which the results
/// of tools are the user's.
struct Conversation {
    private(set) var system: [JSONValue] = []
    private(set) var turns: [JSONValue] = []
    /// Whether tools were called in it.
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
        // After a thought the model goes on only if it sees the thought again.
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
                throw .invalid("'\(name)' must have an id and a function")
            }
            let arguments = call["function"]?["arguments"]?.stringValue ?? ""
            guard let input = arguments.isEmpty ? [:] : parser.value(arguments), input.objectValue != nil else {
                throw .invalid("'\(name).function.arguments' is not a JSON object")
            }
            blocks.append(["toolUse": ["toolUseId": .string(id), "name": .string(function), "input": input]])
        }
        return blocks
    }

    private static func result(_ message: JSONValue, at path: String) throws(AdapterError) -> [JSONValue] {
        guard let id = message["tool_call_id"]?.stringValue else { throw .invalid("'\(path).tool_call_id' is missing") }
        let blocks = try Content.blocks(message["content"], at: path)
        // A cache point stands behind the result, and not in it.
        let content = blocks.filter { $0["cachePoint"] == nil }
        return [["toolResult": ["toolUseId": .string(id), "content": .array(content)]]] + blocks.filter { $0["cachePoint"] != nil }
    }
}
