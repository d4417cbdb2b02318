internal import JSON

/// Translates content blocks to parts of OpenAI's messages.
enum MessagesBlock {
    static func text(_ block: MessagesFields) throws(MessagesError) -> JSONValue {
        ["type": "text", "text": .string(try block.string("text"))]
    }

    static func image(_ block: MessagesFields) throws(MessagesError) -> JSONValue {
        guard let source = try block.object("source") else { throw .invalid("\(block.path(of: "source")): Field required") }
        let url: String
        switch try source.string("type") {
        case "base64": url = "data:\(try source.string("media_type"));base64,\(try source.string("data"))"
        case "url": url = try source.string("url")
        case "file":
            let path = source.path(of: "type")
            throw .invalid("\(path): Files are stored by Anthropic, and this endpoint's provider can't read them")
        default: throw source.wrong("type", "'base64' or 'url'")
        }
        return ["type": "image_url", "image_url": ["url": .string(url)]]
    }

    static func unsupported(_ block: MessagesFields) throws(MessagesError) -> MessagesError {
        .invalid("\(block.path(of: "type")): This endpoint's provider does not support blocks of type '\(try block.string("type"))'")
    }
}

/// The result of a tool call. OpenAI's API takes it only as a string, so its images go to a user message that follows.
struct MessagesToolResult {
    let message: JSONValue
    /// Parts for a user message, beginning with a text that describes them.
    private(set) var images: [JSONValue] = []

    init(_ block: MessagesFields) throws(MessagesError) {
        let id = try block.string("tool_use_id")
        var texts: [String] = []
        if let text = block["content"]?.stringValue {
            texts = [text]
        } else {
            for part in try block.objects("content") {
                switch try part.string("type") {
                case "text": texts.append(try part.string("text"))
                case "image": images.append(try MessagesBlock.image(part))
                default: throw try MessagesBlock.unsupported(part)
                }
            }
        }
        // OpenAI's API has no flag for a failed tool call.
        if try block.bool("is_error") { texts.insert("The tool call failed.", at: 0) }
        if !images.isEmpty {
            texts.append("The images are in the next user message.")
            images.insert(["type": "text", "text": .string("Images returned by the tool for the call \(id):")], at: 0)
        }
        message = ["role": "tool", "tool_call_id": .string(id), "content": .string(MessagesConversation.joined(texts))]
    }
}
