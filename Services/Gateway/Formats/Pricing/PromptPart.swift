internal import JSON

/// What can be said of the tokens of a part of a prompt before the provider has read it.
enum PromptPart {
    /// No more than its bytes, or than `TokenBound.attachment` for an image, which providers scale down.
    case counted
    /// Nobody knows: what it is made of isn't in the request, or is packed. It may have sound in it.
    case unsized(hasAudio: Bool)
    /// It costs something beside tokens.
    case billedSeparately
    /// Its type isn't known here.
    case unknown

    /// Providers that fetch more than images from the address of an image, such as videos.
    private static let fetchesFiles: Set<String> = ["gemini", "openrouter", "portkey", "databricks"]
    /// Providers that read files by services with prices of their own: parsers of documents, searches in what was attached.
    private static let billsFilesSeparately: Set<String> = ["mistral", "openrouter", "xai"]

    /// A part of a message of a chat, or of an item of a response.
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

    /// A block of Anthropic's messages; those in it are looked at apart.
    ///
    /// - Parameter provider: who reads the block, also in the translation of another API.
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
            // The pages of a PDF may have much in common, so that its size says nothing.
            self = ["text", "content"].contains(source?["type"]?.stringValue) ? .counted : .unsized(hasAudio: false)
        // Each names tools whose descriptions are read once more.
        case "tool_reference", "tool_search_tool_result": self = .unsized(hasAudio: false)
        default: self = .unknown
        }
    }

    private static func isImage(_ address: String, _ provider: String) -> Bool {
        address.hasPrefix("data:") ? address.hasPrefix("data:image/") : !fetchesFiles.contains(provider)
    }
}
