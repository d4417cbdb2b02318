package import JSON
internal import Primitives

/// Builds responses and chunks in OpenAI's format.
package struct OpenAIResponseBuilder: Sendable {
    package var id: String
    package var model: JSONValue
    /// Seconds since 1970.
    package let created: Int64
    /// Whether the task is a chat; otherwise, it is a completion.
    package let isChat: Bool

    package init(id: String, model: String, created: Int64, isChat: Bool) {
        self.id = id
        self.model = .string(model)
        self.created = created
        self.isChat = isChat
    }

    /// An assistant's message in a chat.
    package static func message(text: String?, reasoning: String? = nil, toolCalls: [JSONValue] = []) -> JSONValue {
        var message: JSONObject = ["role": "assistant", "content": text.map { .string($0) } ?? .null]
        if let reasoning { message["reasoning_content"] = .string(reasoning) }
        if !toolCalls.isEmpty { message["tool_calls"] = .array(toolCalls) }
        return .object(message)
    }

    /// A choice of a complete response.
    ///
    /// - Parameter value: the message of a chat, or the text of a completion.
    package func choice(_ value: JSONValue, at index: Int64 = 0, finishReason: JSONValue) -> JSONValue {
        choice(isChat ? "message" : "text", value, index, finishReason)
    }

    /// A complete response.
    package func response(_ choices: [JSONValue], usage: Usage?) -> JSONObject {
        envelope(isChat ? "chat.completion" : "text_completion", .array(choices), usage)
    }

    /// A chunk of a stream with one choice.
    ///
    /// - Parameter delta: the delta of a chat, or the text of a completion.
    package func chunk(_ delta: JSONValue, at index: Int64 = 0, finishReason: JSONValue = .null) -> JSONObject {
        envelope(chunkName, [choice(isChat ? "delta" : "text", delta, index, finishReason)], nil)
    }

    /// The last chunk of a stream, for clients that requested the usage.
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

    /// A response with embeddings, each an array of numbers.
    ///
    /// - Parameter asBase64: whether to encode each embedding as base64 of 32-bit little-endian floats.
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
