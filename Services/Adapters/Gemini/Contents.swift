internal import AdapterKit
internal import JSON

/// The messages of a chat in Gemini's format: a separate system instruction, and alternating turns of user and model. The results of
/// functions belong to the user's turns.
struct Contents {
    private(set) var system: [JSONValue] = []
    private(set) var turns: [JSONValue] = []

    /// - Parameter needsSignatures: whether the model rejects function calls without a thought signature.
    init(_ messages: [JSONValue], needsSignatures: Bool) throws(AdapterError) {
        var turns = ConversationTurns(contentKey: "parts")
        // Gemini identifies a function's result by the function's name, OpenAI by the ID of the call.
        var functions: [String: String] = [:]
        var texts = NestedJSONParser(within: messages)
        for (index, message) in messages.enumerated() {
            let path = "messages[\(index)]"
            switch message["role"]?.stringValue {
            case "system", "developer":
                system += try Self.parts(of: message["content"], at: path)
            case "user": turns.add("user", try Self.parts(of: message["content"], at: path))
            case "assistant":
                for call in message["tool_calls"]?.arrayValue ?? [] {
                    if let id = call["id"]?.stringValue { functions[id] = call["function"]?["name"]?.stringValue }
                }
                turns.add("model", try Self.model(message, needsSignatures, &texts, at: path))
            case "tool": turns.add("user", [try Self.result(message, functions, &texts, at: path)])
            default: throw .invalid("'\(path).role' must be system, developer, user, assistant or tool")
            }
        }
        self.turns = try turns.all()
    }

    private static func model(
        _ message: JSONValue, _ needsSignatures: Bool, _ texts: inout NestedJSONParser, at path: String
    ) throws(AdapterError) -> [JSONValue] {
        var parts: [JSONValue] = []
        if let content = message["content"], content != .null, content != "" { parts = try self.parts(of: content, at: path) }
        for (index, call) in (message["tool_calls"]?.arrayValue ?? []).enumerated() {
            let arguments = call["function"]?["arguments"]?.stringValue ?? ""
            guard let name = call["function"]?["name"], let input = arguments.isEmpty ? [:] : texts.value(arguments),
                input.objectValue != nil
            else { throw .invalid("'\(path).tool_calls[\(index)].function' must have a 'name' and 'arguments' that are a JSON object") }
            var part: JSONObject = ["functionCall": ["name": name, "args": input]]
            // Many clients keep only the function of a call. Google defines this placeholder for a signature that was lost, or that
            // another provider never sent. Only the first call of a turn has a signature.
            let lost: JSONValue? = needsSignatures && index == 0 ? "skip_thought_signature_validator" : nil
            if let signature = call["extra_content"]?["google"]?["thought_signature"] ?? lost { part["thoughtSignature"] = signature }
            parts.append(.object(part))
        }
        return parts
    }

    private static func result(
        _ message: JSONValue, _ functions: [String: String], _ texts: inout NestedJSONParser, at path: String
    ) throws(AdapterError) -> JSONValue {
        guard let id = message["tool_call_id"]?.stringValue, let name = functions[id] else {
            throw .invalid("'\(path).tool_call_id' must be the ID of a tool call in an earlier message")
        }
        var text = ""
        for part in try parts(of: message["content"], at: path) { text += part["text"]?.stringValue ?? "" }
        // A result must be an object; any other value is wrapped in one.
        let parsed = texts.value(text)
        let response: JSONValue = parsed?.objectValue == nil ? ["result": .string(text)] : parsed ?? [:]
        return ["functionResponse": ["name": .string(name), "response": response]]
    }

    private static func parts(of content: JSONValue?, at path: String) throws(AdapterError) -> [JSONValue] {
        switch content {
        case .string(let text): return [["text": .string(text)]]
        case .array(let list):
            var parts: [JSONValue] = []
            for (index, part) in list.enumerated() { parts.append(try self.part(part, at: "\(path).content[\(index)]")) }
            return parts
        default: throw .invalid("'\(path).content' must be a string or an array of parts")
        }
    }

    private static func part(_ part: JSONValue, at path: String) throws(AdapterError) -> JSONValue {
        switch part["type"]?.stringValue {
        case "text":
            guard let text = part["text"], text.stringValue != nil else { throw .invalid("'\(path).text' must be a string") }
            return ["text": text]
        case "image_url":
            guard let url = part["image_url"]?["url"]?.stringValue else { throw .invalid("'\(path).image_url.url' must be a string") }
            guard url.hasPrefix("data:") else { return ["fileData": ["fileUri": .string(url)]] }
            let pieces = url.dropFirst(5).split(separator: ",", maxSplits: 1)
            guard pieces.count == 2, pieces[0].hasSuffix(";base64") else {
                throw .invalid("'\(path).image_url.url' must be data:TYPE;base64,… or another URL")
            }
            return ["inlineData": ["mimeType": .string(String(pieces[0].dropLast(7))), "data": .string(String(pieces[1]))]]
        case "input_audio":
            guard let audio = part["input_audio"], let data = audio["data"], let format = audio["format"]?.stringValue else {
                throw .invalid("'\(path).input_audio' must have 'data' and 'format'")
            }
            return ["inlineData": ["mimeType": .string("audio/\(format)"), "data": data]]
        case let type?: throw .unsupported("\(GenerateContentRequest.models) don't accept parts of type '\(type)' ('\(path)')")
        case nil: throw .invalid("'\(path).type' is missing")
        }
    }
}
