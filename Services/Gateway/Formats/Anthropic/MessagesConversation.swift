internal import JSON

/// The messages of a conversation as OpenAI's API has them. There the results of tools are messages of their own, which follow the
/// message with the calls; in Anthropic's API the user gives them.
struct MessagesConversation {
    private var messages: [JSONValue] = []

    /// All messages; one at least that isn't the system's.
    func all() throws(MessagesError) -> [JSONValue] {
        guard messages.contains(where: { $0["role"] != "system" }) else {
            throw .invalid("messages: At least one message with content is required")
        }
        return messages
    }

    /// What the request says as `system`, a text or blocks of text.
    mutating func addSystem(_ request: MessagesFields) throws(MessagesError) {
        guard let system = request["system"] else { return }
        var texts: [String] = []
        if let text = system.stringValue {
            texts = [text]
        } else {
            for block in try request.objects("system") {
                guard try block.string("type") == "text" else { throw block.wrong("type", "'text'") }
                texts.append(try block.string("text"))
            }
        }
        let text = Self.joined(texts)
        if !text.isEmpty { messages.append(["role": "system", "content": .string(text)]) }
    }

    mutating func add(_ message: MessagesFields) throws(MessagesError) {
        let role = try message.string("role")
        guard role == "user" || role == "assistant" else { throw message.wrong("role", "'user' or 'assistant'") }
        let content = try message.required("content")
        if let text = content.stringValue {
            if !text.isEmpty { messages.append(["role": .string(role), "content": .string(text)]) }
        } else if role == "user" {
            try addUser(try message.objects("content"))
        } else {
            try addAssistant(try message.objects("content"))
        }
    }

    private mutating func addUser(_ blocks: [MessagesFields]) throws(MessagesError) {
        var parts: [JSONValue] = []
        var images: [JSONValue] = []
        for block in blocks {
            switch try block.string("type") {
            case "tool_result":
                let result = try MessagesToolResult(block)
                messages.append(result.message)
                images += result.images
            case "text": parts.append(try MessagesBlock.text(block))
            case "image": parts.append(try MessagesBlock.image(block))
            case "thinking", "redacted_thinking": break
            default: throw try MessagesBlock.unsupported(block)
            }
        }
        add(user: images + parts)
    }

    /// Texts alone are one text, which more providers take than a list.
    private mutating func add(user parts: [JSONValue]) {
        let texts = parts.compactMap { $0["text"]?.stringValue }
        guard texts.count == parts.count else { return messages.append(["role": "user", "content": .array(parts)]) }
        let text = Self.joined(texts)
        if !text.isEmpty { messages.append(["role": "user", "content": .string(text)]) }
    }

    private mutating func addAssistant(_ blocks: [MessagesFields]) throws(MessagesError) {
        var text = ""
        var calls: [JSONValue] = []
        for block in blocks {
            switch try block.string("type") {
            // A text is in several blocks where it has citations.
            case "text": text += try block.string("text")
            case "tool_use":
                let input = try block.object("input")?.members ?? [:]
                let arguments = JSONValue.object(input).jsonString
                let function: JSONValue = ["name": .string(try block.string("name")), "arguments": .string(arguments)]
                calls.append(["id": .string(try block.string("id")), "type": "function", "function": function])
            // Only the model that thought can read its thoughts' signatures.
            case "thinking", "redacted_thinking": break
            default: throw try MessagesBlock.unsupported(block)
            }
        }
        guard !text.isEmpty || !calls.isEmpty else { return }
        var message: JSONObject = ["role": "assistant", "content": text.isEmpty ? .null : .string(text)]
        if !calls.isEmpty { message["tool_calls"] = .array(calls) }
        messages.append(.object(message))
    }

    static func joined(_ texts: [String]) -> String {
        texts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}
