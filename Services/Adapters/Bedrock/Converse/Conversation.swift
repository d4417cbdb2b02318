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
        var turns = Turns(saidIn: "content")
        var arguments = NestedJSON(within: messages)
        for (index, message) in messages.enumerated() {
            let place = "messages[\(index)]"
            switch message["role"]?.stringValue {
            case "system", "developer": system += try Content.blocks(message["content"], at: place)
            case "user": turns.add("user", try Content.blocks(message["content"], at: place))
            case "assistant":
                let calls = message["tool_calls"]?.arrayValue ?? []
                if !calls.isEmpty { usesTools = true }
                turns.add("assistant", try Self.said(message, at: place) + Self.calls(calls, &arguments, at: place))
            case "tool":
                usesTools = true
                turns.add("user", try Self.result(message, at: place))
            default: throw .invalid("'\(place).role' must be system, developer, user, assistant or tool")
            }
        }
        self.turns = try turns.all()
    }

    private static func said(_ message: JSONValue, at place: String) throws(AdapterError) -> [JSONValue] {
        // After a thought the model goes on only if it sees the thought again.
        var blocks = (message["thinking_blocks"]?.arrayValue ?? []).compactMap(Thought.converse)
        if let content = message["content"], content != .null { blocks += try Content.blocks(content, at: place) }
        if let refusal = message["refusal"]?.stringValue { blocks.append(["text": .string(refusal)]) }
        return blocks
    }

    private static func calls(
        _ calls: [JSONValue], _ reader: inout NestedJSON, at place: String
    ) throws(AdapterError) -> [JSONValue] {
        var blocks: [JSONValue] = []
        for (index, call) in calls.enumerated() {
            let name = "\(place).tool_calls[\(index)]"
            guard let id = call["id"]?.stringValue, let function = call["function"]?["name"]?.stringValue else {
                throw .invalid("'\(name)' must have an id and a function")
            }
            let arguments = call["function"]?["arguments"]?.stringValue ?? ""
            guard let input = arguments.isEmpty ? [:] : reader.value(arguments), input.objectValue != nil else {
                throw .invalid("'\(name).function.arguments' is not a JSON object")
            }
            blocks.append(["toolUse": ["toolUseId": .string(id), "name": .string(function), "input": input]])
        }
        return blocks
    }

    private static func result(_ message: JSONValue, at place: String) throws(AdapterError) -> [JSONValue] {
        guard let id = message["tool_call_id"]?.stringValue else { throw .invalid("'\(place).tool_call_id' is missing") }
        let blocks = try Content.blocks(message["content"], at: place)
        // A mark for the cache has its place behind the result, and not in it.
        let content = blocks.filter { $0["cachePoint"] == nil }
        return [["toolResult": ["toolUseId": .string(id), "content": .array(content)]]] + blocks.filter { $0["cachePoint"] != nil }
    }
}
