internal import JSON

// The contents of prompts.

extension RequestPricing {
    // MARK: OpenAI's API

    mutating func readChat(_ messages: JSONValue?, _ provider: String) {
        // A reference to earlier audio output of the model is audio input too.
        let isTranslated = KnownParameters.translatedProviders.contains(provider)
        for (index, message) in (messages?.arrayValue ?? []).enumerated() {
            let path = "messages.\(index)"
            if let audio = message["audio"], audio != .null { addAudioInput("messages", at: "\(path).audio") }
            for (number, part) in (message["content"]?.arrayValue ?? []).enumerated() {
                let path = "\(path).content.\(number)"
                if ["input_audio", "audio"].contains(part["type"]?.stringValue) { addAudioInput("messages", at: path) }
                // Adapters that build a new request reject unknown parts.
                take(PromptPart(part, provider), part, at: path, surchargesUnknown: !isTranslated)
            }
            for (number, block) in (message["thinking_blocks"]?.arrayValue ?? []).enumerated()
            where !["thinking", "redacted_thinking"].contains(block["type"]?.stringValue) {
                take(.unknown, block, at: "\(path).thinking_blocks.\(number)")
            }
            guard !isTranslated else { continue }
            addUnknownMembers(message, known: KnownParameters.message, at: path)
        }
    }

    // MARK: OpenAI's Responses API

    /// Types of input items whose contents are entirely in the request.
    private static let selfContainedItems: Set<String> = [
        "message", "function_call", "function_call_output", "custom_tool_call", "custom_tool_call_output", "local_shell_call",
        "local_shell_call_output", "apply_patch_call", "apply_patch_call_output", "computer_call", "computer_call_output",
        "additional_tools", "tool_search_output", "tool_search_call",
    ]

    mutating func readInput(_ input: JSONValue?, _ provider: String) {
        for (index, item) in (input?.arrayValue ?? []).enumerated() {
            let path = "input.\(index)"
            switch item["type"] {
            case nil, .null:
                // Earlier messages stored at the provider are part of the prompt. Only the response counts them.
                if Self.isReference(item) { addSurcharge(path, isReported: true) }
            case "item_reference": addSurcharge(path, isReported: true)
            case "reasoning":
                // Without encrypted content, it references reasoning that is stored at the provider.
                if (item["encrypted_content"] ?? .null) == .null { take(.unsized(hasAudio: false), item, at: path) }
            case .string(let type) where Self.selfContainedItems.contains(type): break
            // A content part that isn't inside a message.
            default: take(PromptPart(item, provider), item, at: path)
            }
            readParts(item["content"], provider, at: "\(path).content")
            readParts(item["output"], provider, at: "\(path).output")
            if let output = item["output"], output.objectValue != nil { take(PromptPart(output, provider), output, at: "\(path).output") }
            addToolSurcharges(item["tools"], free: Self.freeResponsesTools, at: "\(path).tools")
        }
    }

    private mutating func readParts(_ parts: JSONValue?, _ provider: String, at path: String) {
        for (number, part) in (parts?.arrayValue ?? []).enumerated() {
            let path = "\(path).\(number)"
            if ["input_audio", "audio"].contains(part["type"]?.stringValue) { addAudioInput("input", at: path) }
            take(PromptPart(part, provider), part, at: path)
        }
    }

    /// Whether an item without a type references one that is stored at the provider.
    private static func isReference(_ item: JSONValue) -> Bool {
        guard let object = item.objectValue else { return false }
        return object["id"] != nil && object["role"] == nil && object["content"] == nil
    }

    // MARK: Anthropic's Messages API

    /// - Parameter surchargesUnknown: whether blocks of unknown types are sent to the provider and so count as surcharges.
    mutating func readMessages(_ request: JSONObject, _ provider: String, surchargesUnknown: Bool = true) {
        readBlocks(request["system"], provider, at: "system", surchargesUnknown)
        for (index, message) in (request["messages"]?.arrayValue ?? []).enumerated() {
            readBlocks(message["content"], provider, at: "messages.\(index).content", surchargesUnknown)
        }
    }

    private mutating func readBlocks(_ blocks: JSONValue?, _ provider: String, at path: String, _ surchargesUnknown: Bool) {
        for (number, block) in (blocks?.arrayValue ?? []).enumerated() {
            let path = "\(path).\(number)"
            take(PromptPart(block: block, provider), block, at: path, surchargesUnknown: surchargesUnknown)
            readBlocks(block["content"], provider, at: "\(path).content", surchargesUnknown)
            // A document that consists of blocks.
            readBlocks(block["source"]?["content"], provider, at: "\(path).source.content", surchargesUnknown)
        }
    }

    // MARK: Parts

    private mutating func take(_ kind: PromptPart, _ part: JSONValue, at path: String, surchargesUnknown: Bool = true) {
        switch kind {
        case .counted: break
        case .unsized(let hasAudio): addUnsized(path, hasAudio: hasAudio)
        case .billedSeparately: addSurcharge(path)
        case .unknown where surchargesUnknown: addSurcharge(path, isReported: true, .unknownPart(part["type"]?.stringValue?.excerpt()))
        case .unknown: break
        }
    }
}
