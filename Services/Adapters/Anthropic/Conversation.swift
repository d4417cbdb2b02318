internal import AdapterKit
internal import JSON

/// The messages of a chat in Anthropic's format: a separate system prompt, and alternating turns of user and assistant. The results of
/// tools belong to the user's turns.
struct Conversation {
    /// The system prompt: text blocks.
    private(set) var system: [JSONValue] = []
    private(set) var turns: [JSONValue] = []

    init(_ messages: [JSONValue]) throws(AdapterError) {
        var turns = ConversationTurns(contentKey: "content")
        var parser = NestedJSONParser(within: messages)
        for (index, message) in messages.enumerated() {
            let path = "messages[\(index)]"
            switch message["role"]?.stringValue {
            case "system", "developer":
                system += try Self.parts(of: message["content"], at: path)
            case "user": turns.add("user", try Self.parts(of: message["content"], at: path))
            case "assistant": turns.add("assistant", try Self.assistant(message, &parser, at: path))
            case "tool": turns.add("user", [try Self.toolResult(message, at: path)])
            default: throw .invalid("'\(path).role' must be system, developer, user, assistant or tool")
            }
        }
        self.turns = try turns.all()
    }

    private static func assistant(
        _ message: JSONValue, _ parser: inout NestedJSONParser, at path: String
    ) throws(AdapterError) -> [JSONValue] {
        // The model can continue after thinking only if it receives its thinking blocks again.
        var blocks = message["thinking_blocks"]?.arrayValue ?? []
        if let content = message["content"], content != .null { blocks += try parts(of: content, at: path) }
        if let refusal = message["refusal"]?.stringValue { blocks.append(["type": "text", "text": .string(refusal)]) }
        for (index, call) in (message["tool_calls"]?.arrayValue ?? []).enumerated() {
            let name = "\(path).tool_calls[\(index)]"
            guard let id = call["id"]?.stringValue, let function = call["function"]?["name"]?.stringValue else {
                throw .invalid("'\(name)' must have an 'id' and a 'function.name'")
            }
            let arguments = call["function"]?["arguments"]?.stringValue ?? ""
            guard let input = arguments.isEmpty ? [:] : parser.value(arguments), input.objectValue != nil else {
                throw .invalid("'\(name).function.arguments' must be a JSON object")
            }
            blocks.append(["type": "tool_use", "id": .string(id), "name": .string(function), "input": input])
        }
        return blocks
    }

    private static func toolResult(_ message: JSONValue, at path: String) throws(AdapterError) -> JSONValue {
        guard let id = message["tool_call_id"]?.stringValue else { throw .invalid("'\(path).tool_call_id' is missing") }
        var result: JSONObject = ["type": "tool_result", "tool_use_id": .string(id)]
        let parts = try parts(of: message["content"], at: path)
        if !parts.isEmpty { result["content"] = .array(parts) }
        return .object(result)
    }

    /// A message's content, a string or an array of parts, as blocks. Empty text is omitted, because Anthropic rejects it.
    private static func parts(of content: JSONValue?, at path: String) throws(AdapterError) -> [JSONValue] {
        switch content {
        case .string(let text): return text.isEmpty ? [] : [["type": "text", "text": .string(text)]]
        case .array(let parts):
            var blocks: [JSONValue] = []
            for (index, part) in parts.enumerated() where part["text"] != "" {
                blocks.append(try block(part, at: "\(path).content[\(index)]"))
            }
            return blocks
        default: throw .invalid("'\(path).content' must be a string or an array of parts")
        }
    }

    private static func block(_ part: JSONValue, at path: String) throws(AdapterError) -> JSONValue {
        switch part["type"]?.stringValue {
        case "text":
            guard let text = part["text"]?.stringValue else { throw .invalid("'\(path).text' must be a string") }
            var block: JSONObject = ["type": "text", "text": .string(text)]
            // Clients set Anthropic's `cache_control` on parts for every gateway.
            if let cacheControl = part["cache_control"] { block["cache_control"] = cacheControl }
            return .object(block)
        case "refusal": return ["type": "text", "text": part["refusal"] ?? ""]
        case "image_url":
            guard let url = part["image_url"]?["url"]?.stringValue else { throw .invalid("'\(path).image_url.url' must be a string") }
            return ["type": "image", "source": try imageSource(url, at: path)]
        case let type?: throw .unsupported("Anthropic's models don't accept parts of type '\(type)' ('\(path)')")
        case nil: throw .invalid("'\(path).type' is missing")
        }
    }

    /// A URL, or the bytes of a `data:` URL.
    private static func imageSource(_ url: String, at path: String) throws(AdapterError) -> JSONValue {
        guard url.hasPrefix("data:") else { return ["type": "url", "url": .string(url)] }
        let parts = url.dropFirst(5).split(separator: ",", maxSplits: 1)
        guard parts.count == 2, parts[0].hasSuffix(";base64") else {
            throw .invalid("'\(path).image_url.url' must be data:TYPE;base64,… or another URL")
        }
        return ["type": "base64", "media_type": .string(String(parts[0].dropLast(7))), "data": .string(String(parts[1]))]
    }
}

/// Translates tools and the tool choice.
enum Tools {
    static func anthropic(_ tool: JSONValue) throws(AdapterError) -> JSONValue {
        guard tool["type"] == "function" else { throw .unsupported("Anthropic's models accept only tools of type 'function'") }
        guard let function = tool["function"], let name = function["name"]?.stringValue else {
            throw .invalid("every tool in 'tools' must have a 'function.name'")
        }
        var object: JSONObject = ["name": .string(name)]
        if let description = function["description"], description != .null { object["description"] = description }
        object["input_schema"] = function["parameters"] ?? ["type": "object", "properties": [:]]
        if function["strict"] == true { object["strict"] = true }
        return .object(object)
    }

    static func choice(_ choice: JSONValue?, parallel: Bool) throws(AdapterError) -> JSONValue? {
        var object: JSONObject
        switch choice {
        case nil, .null, .string("auto"):
            guard !parallel else { return nil }
            object = ["type": "auto"]
        case .string("none"): return ["type": "none"]
        case .string("required"): object = ["type": "any"]
        case .object(let choice):
            guard let name = choice["function"]?["name"] else { throw .invalid("'tool_choice.function.name' is missing") }
            object = ["type": "tool", "name": name]
        default: throw .invalid("'tool_choice' must be none, auto, required or a function object")
        }
        if !parallel { object["disable_parallel_tool_use"] = true }
        return .object(object)
    }
}
