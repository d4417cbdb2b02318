internal import JSON

/// What is known about the tokens of a part of a prompt before the provider reads it.
enum PromptPart {
    /// At most as many as its bytes, or `TokenBound.attachment` for an image, which providers scale down.
    case counted
    /// Unknown, since the content isn't in the request or is compressed. It may contain audio.
    case unsized(hasAudio: Bool)
    /// The provider bills it in addition to tokens.
    case billedSeparately
    /// Unknown, since the type of the part is unknown.
    case unknown

    /// Providers that fetch more than images from image URLs, such as videos.
    private static let fetchesFiles: Set<String> = ["gemini", "openrouter", "portkey", "databricks"]
    /// Providers that process files with separately billed services, such as document parsing or search in attachments.
    private static let billsFilesSeparately: Set<String> = ["mistral", "openrouter", "xai"]

    /// Classifies a part of a chat message, or of an item in a Responses API request.
    init(_ part: JSONValue, _ provider: String) {
        switch part["type"]?.stringValue {
        case "text", "refusal", "input_text", "output_text", "summary_text", "reasoning_text", "reference": self = .counted
        case "thinking", "redacted_thinking":
            let thoughts = part["thinking"]?.arrayValue ?? []
            self = thoughts.allSatisfy { ["text", "reference"].contains($0["type"]?.stringValue) } ? .counted : .unknown
        case "image_url", "input_image", "image", "computer_screenshot": self = Self.image(part, provider)
        case "input_audio", "audio", "audio_url", "video", "video_url", "input_video": self = .unsized(hasAudio: true)
        case "file", "input_file", "document", "document_url":
            self = Self.billsFilesSeparately.contains(provider) ? .billedSeparately : .unsized(hasAudio: false)
        default: self = .unknown
        }
    }

    private static func image(_ part: JSONValue, _ provider: String) -> PromptPart {
        let image = part["image_url"] ?? part["url"]
        guard let address = image?.stringValue ?? image?["url"]?.stringValue else { return .counted }
        return isImage(address, provider) ? .counted : .unsized(hasAudio: true)
    }

    /// Classifies a block of Anthropic's Messages API, without its nested blocks.
    ///
    /// - Parameter provider: the provider that reads the block, possibly translated to another API.
    init(block: JSONValue, _ provider: String) {
        let source = block["source"]
        switch block["type"]?.stringValue {
        case "text", "thinking", "redacted_thinking", "tool_use", "server_tool_use", "tool_result", "search_result": self = .counted
        case "image":
            switch source?["type"]?.stringValue {
            case "url": self = Self.isImage(source?["url"]?.stringValue ?? "", provider) ? .counted : .unsized(hasAudio: true)
            case "base64":
                self = source?["media_type"]?.stringValue?.hasPrefix("image/") ?? false ? .counted : .unsized(hasAudio: true)
            default: self = .counted
            }
        case "document":
            // The pages of a PDF may share much of its content, so its size says nothing about its tokens.
            self = ["text", "content"].contains(source?["type"]?.stringValue) ? .counted : .unsized(hasAudio: false)
        // Each references tools whose descriptions are read again.
        case "tool_reference", "tool_search_tool_result": self = .unsized(hasAudio: false)
        default: self = .unknown
        }
    }

    private static func isImage(_ address: String, _ provider: String) -> Bool {
        address.hasPrefix("data:") ? address.hasPrefix("data:image/") : !fetchesFiles.contains(provider)
    }
}
