internal import JSON

/// Counts what a model reads of a request.
struct PromptCount {
    /// Saturates.
    private(set) var tokens: Int64 = 0

    /// Members that providers write into the prompt as JSON, or in a form that isn't longer by more than its frame.
    private static let schemas = ["tools", "functions", "response_format", "text", "output_config", "output_format"]
    /// Members of messages that only say what the others are.
    private static let labels: Set<String> = ["role", "type", "detail", "status", "cache_control"]
    /// Parts that are no text.
    private static let attachments: Set<String> = [
        "image_url", "input_image", "image", "computer_screenshot", "input_audio", "audio", "file", "input_file", "document",
        "video_url",
    ]

    private static let addresses: Set<String> = ["url", "image_url"]

    mutating func take(_ request: JSONObject) {
        for name in ["messages", "prompt", "input", "instructions", "system", "suffix"] {
            guard let value = request[name] else { continue }
            if case .array(let values) = value {
                for value in values { takeTurn(value) }
            } else {
                takeTurn(value)
            }
        }
        for name in Self.schemas {
            guard let value = request[name] else { continue }
            for tool in value.arrayValue ?? [value] {
                add(Int64(tool.jsonBytes().count))
                add(TokenBound.frame)
            }
        }
    }

    /// A message, a text, a token or a list of tokens.
    private mutating func takeTurn(_ value: JSONValue) {
        if value.objectValue != nil { add(TokenBound.frame) }
        takePart(value)
    }

    private mutating func takePart(_ value: JSONValue) {
        switch value {
        case .string(let text): add(Int64(text.utf8.count))
        case .integer, .number, .bool: add(1)
        case .null: break
        case .array(let values): for value in values { takePart(value) }
        case .object(let object): takePart(object)
        }
    }

    private mutating func takePart(_ object: JSONObject) {
        let isAttachment = object["type"]?.stringValue.map(Self.attachments.contains) ?? false
        if isAttachment { add(TokenBound.attachment) }
        for member in object.members where !Self.labels.contains(member.name) {
            switch (member.name, member.value) {
            case ("input", .object), ("parameters", .object):
                // The arguments of a tool, which the model reads as JSON.
                add(Int64(member.value.jsonBytes().count))
            case ("tool_calls", .array(let calls)):
                add(Int64(calls.count) * TokenBound.frame)
                takePart(member.value)
            case (let name, let value) where isAttachment: takeAttachment(value, name)
            default: takePart(member.value)
            }
        }
    }

    /// What is in an attachment beside the bytes of an image: a title, a name, the bytes of a file.
    private mutating func takeAttachment(_ value: JSONValue, _ name: String) {
        switch value {
        case .string(let text) where Self.addresses.contains(name) && text.hasPrefix("data:image/"): break
        case .object(let object):
            let isImage = object["media_type"]?.stringValue?.hasPrefix("image/") ?? false
            for member in object.members where !Self.labels.contains(member.name) && !(isImage && member.name == "data") {
                takeAttachment(member.value, member.name)
            }
        default: takePart(value)
        }
    }

    private mutating func add(_ count: Int64) {
        let (sum, overflow) = tokens.addingReportingOverflow(count)
        tokens = overflow ? .max : sum
    }
}
