package import JSON

/// The envelope of responses and of chunks in OpenAI's form, for adapters that make them.
package struct OpenAIResponseBuilder: Sendable {
    package var id: String
    package var model: JSONValue
    /// Seconds since 1970.
    package let created: Int64
    /// A chat, or a completion.
    package let isChat: Bool

    package init(id: String, model: String, created: Int64, isChat: Bool) {
        self.id = id
        self.model = .string(model)
        self.created = created
        self.isChat = isChat
    }

    /// What an assistant says in a chat.
    package static func message(text: String?, reasoning: String? = nil, toolCalls: [JSONValue] = []) -> JSONValue {
        var message: JSONObject = ["role": "assistant", "content": text.map { .string($0) } ?? .null]
        if let reasoning { message["reasoning_content"] = .string(reasoning) }
        if !toolCalls.isEmpty { message["tool_calls"] = .array(toolCalls) }
        return .object(message)
    }

    /// A choice of a whole response.
    ///
    /// - Parameter value: the message of a chat, the text of a completion.
    package func choice(_ value: JSONValue, at index: Int64 = 0, finishReason: JSONValue) -> JSONValue {
        choice(isChat ? "message" : "text", value, index, finishReason)
    }

    /// A whole response.
    package func response(_ choices: [JSONValue], usage: Usage?) -> JSONObject {
        envelope(isChat ? "chat.completion" : "text_completion", .array(choices), usage)
    }

    /// A chunk of a stream with one choice.
    ///
    /// - Parameter delta: of a chat; of a completion it is the text.
    package func chunk(_ delta: JSONValue, at index: Int64 = 0, finishReason: JSONValue = .null) -> JSONObject {
        envelope(chunkName, [choice(isChat ? "delta" : "text", delta, index, finishReason)], nil)
    }

    /// The last chunk of a stream, for clients that have asked for the usage.
    package func chunk(_ usage: Usage) -> JSONObject { envelope(chunkName, [], usage) }

    private var chunkName: String { isChat ? "chat.completion.chunk" : "text_completion" }

    private func choice(_ name: String, _ value: JSONValue, _ index: Int64, _ finishReason: JSONValue) -> JSONValue {
        ["index": .integer(index), name: value, "logprobs": .null, "finish_reason": finishReason]
    }

    private func envelope(_ object: String, _ choices: JSONValue, _ usage: Usage?) -> JSONObject {
        var envelope: JSONObject = [
            "id": .string(id), "object": .string(object), "created": .integer(created), "model": model, "choices": choices,
        ]
        if let usage { envelope["usage"] = .object(usage.openAI) }
        return envelope
    }

    /// A response with embeddings, each a list of numbers.
    ///
    /// - Parameter asBase64: gives each as the base64 of its numbers, in 32 bits each with the lowest byte first.
    package static func embeddings(_ vectors: [JSONValue], model: String, usage: Usage?, asBase64: Bool) -> JSONObject {
        let data = vectors.enumerated().map { index, vector -> JSONValue in
            let numbers = (vector.arrayValue ?? []).map { Float($0.doubleValue ?? 0) }
            let embedding: JSONValue = asBase64 ? .string(Base64.encode(numbers)) : vector
            return ["object": "embedding", "index": .integer(Int64(index)), "embedding": embedding]
        }
        let tokens = JSONValue.integer(usage?.promptTokens ?? 0)
        return [
            "object": "list", "data": .array(data), "model": .string(model),
            "usage": ["prompt_tokens": tokens, "total_tokens": tokens],
        ]
    }
}
