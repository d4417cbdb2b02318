internal import JSON

/// Builds the messages of a conversation in OpenAI's format, where tool results are separate messages that follow the message with
/// the calls. In Anthropic's API, tool results are part of user messages.
struct MessagesConversation {
    private var messages: [JSONValue] = []

    /// All messages.
    ///
    /// - Throws: status 400 if there are no messages besides the system's.
    func all() throws(MessagesError) -> [JSONValue] {
        guard messages.contains(where: { $0["role"] != "system" }) else {
            throw .invalid("messages: At least one message with content is required")
        }
        return messages
    }

    /// Adds the request's `system`, a string or a list of text blocks.
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

    /// Adds a user message. Parts that are all text are joined to a string, which more providers support than a list.
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
            // A text with citations is split into several blocks.
            case "text": text += try block.string("text")
            case "tool_use":
                let input = try block.object("input")?.members ?? [:]
                let arguments = JSONValue.object(input).jsonString
                let function: JSONValue = ["name": .string(try block.string("name")), "arguments": .string(arguments)]
                calls.append(["id": .string(try block.string("id")), "type": "function", "function": function])
            // Only the model that produced a thinking block can verify its signature.
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
