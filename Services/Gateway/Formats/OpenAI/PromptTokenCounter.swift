internal import JSON
internal import Primitives

/// Computes an upper bound on the prompt tokens of a request.
struct PromptTokenCounter {
    /// The count so far, which saturates.
    private(set) var tokens: Int64 = 0

    /// Members with the conversation.
    private static let promptMembers: Set<String> = ["messages", "prompt", "input", "instructions", "system", "suffix"]
    /// Members that no provider adds to a prompt. Providers may add all others, as JSON or in a format that is only longer by its
    /// framing: tools, schemas, and provider-specific members such as documents.
    private static let ignoredMembers: Set<String> = [
        "model", "user", "metadata", "stop", "stop_sequences", "stream_options", "tool_choice", "logit_bias", "service_tier",
        "thinking", "safety_identifier", "prompt_cache_key", "encoding_format", "modalities", "reasoning", "reasoning_effort",
        "include", "previous_response_id", "truncation",
    ]
    /// Members for which providers add their own instructions.
    private static let membersWithInstructions: Set<String> = ["tools", "response_format", "output_config", "output_format"]
    /// Types of tools that the request describes in full.
    private static let clientTools: Set<String> = ["function", "custom"]
    /// Members of messages that only describe the others.
    private static let labels: Set<String> = ["role", "type", "detail", "status", "cache_control"]
    /// Types of parts other than text.
    private static let attachments: Set<String> = [
        "image_url", "input_image", "image", "computer_screenshot", "input_audio", "audio", "file", "input_file", "document",
        "video_url", "video", "audio_url", "document_url", "input_video",
    ]
    /// Members that may contain an image as a `data:` URL.
    private static let urlMembers: Set<String> = ["url", "image_url"]

    /// Counts the members of a request.
    mutating func count(_ request: JSONObject) {
        for member in request.members where !Self.ignoredMembers.contains(member.name) {
            switch member.value {
            case .null, .bool, .integer, .number: break
            case .array(let values):
                if Self.membersWithInstructions.contains(member.name), !values.isEmpty { add(TokenBound.instructions) }
                for value in values { count(value, of: member.name) }
            case .string, .object:
                if Self.membersWithInstructions.contains(member.name) { add(TokenBound.instructions) }
                count(member.value, of: member.name)
            }
        }
    }

    private mutating func count(_ value: JSONValue, of name: String) {
        if Self.promptMembers.contains(name) { return countTurn(value) }
        add(Int64(value.jsonBytes().count))
        add(TokenBound.messageOverhead)
        if name == "tools", let type = value["type"]?.stringValue, !Self.clientTools.contains(type) { add(TokenBound.builtInTool) }
    }

    /// Counts a message, a string, a token or a list of tokens.
    private mutating func countTurn(_ value: JSONValue) {
        if value.objectValue != nil { add(TokenBound.messageOverhead) }
        countPart(value)
    }

    private mutating func countPart(_ value: JSONValue) {
        switch value {
        case .string(let text): add(Int64(text.utf8.count))
        case .integer, .number, .bool: add(1)
        case .null: break
        case .array(let values): for value in values { countPart(value) }
        case .object(let object): countPart(object)
        }
    }

    private mutating func countPart(_ object: JSONObject) {
        let isAttachment = object["type"]?.stringValue.map(Self.attachments.contains) ?? false
        if isAttachment { add(TokenBound.attachment) }
        for member in object.members where !Self.labels.contains(member.name) {
            switch (member.name, member.value) {
            case ("input", .object), ("parameters", .object):
                // The arguments of a tool call, which the model reads as JSON.
                add(Int64(member.value.jsonBytes().count))
            case ("tool_calls", .array(let calls)):
                add(Int64(calls.count) * TokenBound.messageOverhead)
                countPart(member.value)
            case (let name, let value) where isAttachment: countAttachment(value, name)
            default: countPart(member.value)
            }
        }
    }

    /// Counts an attachment except for the bytes of an image: its title, name, or the bytes of a file.
    private mutating func countAttachment(_ value: JSONValue, _ name: String) {
        switch value {
        case .string(let text) where Self.urlMembers.contains(name) && text.hasPrefix("data:image/"): break
        case .object(let object):
            let isImage = object["media_type"]?.stringValue?.hasPrefix("image/") ?? false
            for member in object.members where !Self.labels.contains(member.name) && !(isImage && member.name == "data") {
                countAttachment(member.value, member.name)
            }
        default: countPart(value)
        }
    }

    private mutating func add(_ tokenCount: Int64) { tokens.addSaturating(tokenCount) }
}
