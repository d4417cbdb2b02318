internal import JSON

/// Parses messages and tools in Anthropic's format.
enum AnthropicContent {
    static func read(_ messages: [JSONValue], into prompt: inout Prompt) throws(Failure) {
        // The tools called in the previous turn.
        var open: [String] = []
        for (index, value) in messages.enumerated() {
            let message = try Fields(value, at: "messages[\(index)]")
            let answered = results(message)
            guard open.allSatisfy(answered.contains) else {
                throw Failure(
                    400,
                    "messages.\(index - 1): `tool_use` ids were found without `tool_result` blocks immediately after: "
                        + open.joined(separator: ", "))
            }
            if let stray = answered.first(where: { !open.contains($0) }) {
                throw Failure(400, "messages.\(index): unexpected `tool_use_id` found in `tool_result` blocks: \(stray)")
            }
            let text = try text(message, "content", &prompt)
            switch try message.requiredString("role") {
            // A message with tool results only isn't a user message.
            case "user": if !text.isEmpty { prompt.appendUser(text) }
            case "assistant": prompt.append(text)
            case let role: throw message.invalid("role", "'\(role)'. Input should be 'user' or 'assistant'")
            }
            open = calls(message)
        }
    }

    /// A string, or the strings of an array of blocks. Also records tool results.
    static func text(_ fields: Fields, _ name: String, _ prompt: inout Prompt) throws(Failure) -> String {
        switch fields[name] {
        case nil: throw Failure(400, "\(fields.location)\(name): Field required")
        case .string(let text):
            guard !text.isEmpty else { throw Failure(400, "\(fields.location)\(name): all messages must have non-empty content") }
            return text
        default: break
        }
        var texts: [String] = []
        for (index, value) in try fields.elements(name).enumerated() {
            let block = try Fields(value, at: "\(fields.location)\(name)[\(index)]")
            switch try block.requiredString("type") {
            case "text":
                let text = try block.requiredString("text")
                guard !text.isEmpty else { throw Failure(400, "messages: text content blocks must be non-empty") }
                texts.append(text)
            case "image", "document": try source(block)
            case "tool_use":
                _ = try block.requiredString("id")
                _ = try block.requiredString("name")
                _ = try block.requiredFields("input")
            case "tool_result":
                _ = try block.requiredString("tool_use_id")
                prompt.appendToolResult(block["content"] == nil ? "" : try text(block, "content", &prompt))
            case "thinking": _ = try block.requiredString("signature")
            case "redacted_thinking": _ = try block.requiredString("data")
            case let type: throw block.invalid("type", "'\(type)' does not match any of the expected tags")
            }
        }
        return texts.joined(separator: " ")
    }

    private static func source(_ block: Fields) throws(Failure) {
        let source = try block.requiredFields("source")
        switch try source.requiredString("type") {
        case "base64":
            _ = try source.requiredString("media_type")
            _ = try source.requiredString("data")
        case "url": _ = try source.requiredString("url")
        case "text", "content", "file": break
        case let type: throw source.invalid("type", "'\(type)'")
        }
    }

    private static func blocks(_ message: Fields, _ type: JSONValue) -> [JSONValue] {
        (message["content"]?.arrayValue ?? []).filter { $0["type"] == type }
    }

    private static func calls(_ message: Fields) -> [String] { blocks(message, "tool_use").compactMap { $0["id"]?.stringValue } }

    private static func results(_ message: Fields) -> [String] {
        blocks(message, "tool_result").compactMap { $0["tool_use_id"]?.stringValue }
    }

    static func readTools(_ fields: Fields, into prompt: inout Prompt) throws(Failure) {
        for (index, value) in (try fields.array("tools") ?? []).enumerated() {
            let tool = try Fields(value, at: "tools[\(index)]")
            let schema = try tool.requiredFields("input_schema")
            guard try schema.requiredString("type") == "object" else { throw schema.invalid("type", "Input should be 'object'") }
            prompt.tools.append(.init(name: try tool.requiredString("name"), schema: .object(schema.object)))
        }
        guard let choice = try fields.fields("tool_choice") else { return }
        switch try choice.requiredString("type") {
        case "auto": break
        case "none": prompt.toolChoice = .none
        case "any": prompt.toolChoice = .any
        case "tool":
            let name = try choice.requiredString("name")
            guard prompt.tools.contains(where: { $0.name == name }) else {
                throw Failure(400, "Tool '\(name)' not found in provided tools")
            }
            prompt.toolChoice = .named(name)
        case let type: throw choice.invalid("type", "'\(type)'")
        }
    }
}
