package import JSON

/// Translates chat completions to messages of Anthropic's API.
package enum MessagesResponse {
    /// Translates a whole response in OpenAI's format.
    ///
    /// - Throws: status 502 if the response has no message.
    package static func anthropic(_ response: JSONObject) throws(MessagesError) -> JSONObject {
        guard let choice = response["choices"]?.arrayValue?.first, let message = choice["message"]?.objectValue else {
            throw MessagesError(status: 502, "The provider's response has no message")
        }
        let id = messageID(response["id"]?.stringValue)
        var blocks: [JSONValue] = []
        for text in [text(message["content"]), message["refusal"]?.stringValue ?? ""] where !text.isEmpty {
            blocks.append(["type": "text", "text": .string(text)])
        }
        let calls = message["tool_calls"]?.arrayValue ?? []
        var arguments = NestedJSONParser()
        for (index, call) in calls.enumerated() {
            let callID = call["id"]?.stringValue ?? ""
            blocks.append([
                "type": "tool_use", "id": .string(callID.isEmpty ? toolID(of: id, index) : callID),
                "name": .string(call["function"]?["name"]?.stringValue ?? ""), "input": input(call["function"]?["arguments"], &arguments),
            ])
        }
        let isRefusal = message["refusal"]?.stringValue?.isEmpty == false
        var object = skeleton(id: id, model: response["model"]?.stringValue ?? "", content: blocks, usage: response["usage"])
        object["stop_reason"] = stopReason(
            choice["finish_reason"]?.stringValue, callsTools: !calls.isEmpty, isRefusal: isRefusal)
        return object
    }

    /// A message without a stop reason, as at the start of a stream.
    static func skeleton(id: String, model: String, content: [JSONValue], usage: JSONValue?) -> JSONObject {
        [
            "id": .string(id), "type": "message", "role": "assistant", "model": .string(model), "content": .array(content),
            "stop_reason": .null, "stop_sequence": .null, "usage": .object(MessagesUsage(usage).anthropic),
        ]
    }

    /// An ID in Anthropic's format that contains the provider's.
    static func messageID(_ id: String?) -> String {
        guard let id, !id.isEmpty else { return "msg_0" }
        return id.hasPrefix("msg_") ? id : "msg_" + id
    }

    /// An ID for a tool call without one.
    static func toolID(of message: String, _ index: Int) -> String { "toolu_\(message.dropFirst(4))_\(index)" }

    /// The text of a message's content, which is a string or a list of parts.
    static func text(_ content: JSONValue?) -> String {
        content?.stringValue ?? (content?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }.joined()
    }

    /// The JSON text of a call's arguments, which some providers send as an object instead of a string.
    static func argumentsText(_ arguments: JSONValue?) -> String {
        arguments?.stringValue ?? (arguments?.objectValue == nil ? "" : arguments?.jsonString ?? "")
    }

    /// The input of a tool, which must be an object. Invalid or truncated JSON is wrapped as Anthropic recommends.
    private static func input(_ arguments: JSONValue?, _ reader: inout NestedJSONParser) -> JSONValue {
        let text = argumentsText(arguments)
        guard !text.isEmpty else { return [:] }
        guard let input = reader.value(text), input.objectValue != nil else { return ["INVALID_JSON": .string(text)] }
        return input
    }

    /// Anthropic's `stop_reason`.
    ///
    /// - Parameter finishReason: OpenAI's `finish_reason`, which doesn't distinguish a natural end from a stop sequence.
    static func stopReason(_ finishReason: String?, callsTools: Bool, isRefusal: Bool) -> JSONValue {
        switch finishReason {
        case "length": "max_tokens"
        case "content_filter": "refusal"
        default: isRefusal ? "refusal" : callsTools ? "tool_use" : "end_turn"
        }
    }
}

/// Token usage in Anthropic's format, which counts prompt cache reads and writes separately from the input. OpenAI counts them as part
/// of the prompt.
struct MessagesUsage {
    let anthropic: JSONObject

    /// - Parameter openAI: the `usage` of a response or a chunk.
    init(_ openAI: JSONValue?) {
        func count(_ value: JSONValue?) -> Int64 { max(value?.integerValue ?? 0, 0) }
        let prompt = count(openAI?["prompt_tokens"])
        let details = openAI?["prompt_tokens_details"]
        let read = min(count(details?["cached_tokens"] ?? openAI?["prompt_cache_hit_tokens"]), prompt)
        let written = min(count(details?["cache_write_tokens"]), prompt - read)
        var usage: JSONObject = [
            "input_tokens": .integer(prompt - read - written), "cache_creation_input_tokens": .integer(written),
            "cache_read_input_tokens": .integer(read), "output_tokens": .integer(count(openAI?["completion_tokens"])),
        ]
        if let kept = details?["cache_creation_token_details"] {
            let hour = min(count(kept["ephemeral_1h_input_tokens"]), written)
            usage["cache_creation"] = [
                "ephemeral_5m_input_tokens": .integer(written - hour), "ephemeral_1h_input_tokens": .integer(hour),
            ]
        }
        anthropic = usage
    }
}
