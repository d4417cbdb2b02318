internal import AdapterKit
internal import JSON

/// What `generateContent` answers, as an answer of OpenAI's.
struct Generated: Sendable {
    let id: String
    let time: Int64
    let model: String
    let isChat: Bool

    /// A candidate of an answer, or of an event of a stream.
    struct Candidate {
        var index: Int64
        var text: String?
        var reasoning: String?
        var toolCalls: [JSONValue] = []
        /// In OpenAI's words; `nil` while it goes on.
        var finishReason: String?

        /// - Parameter callsBefore: how many functions the stream has called before.
        init(_ json: JSONValue, id: String, callsBefore: Int = 0) {
            index = json["index"]?.integerValue ?? 0
            for part in json["content"]?["parts"]?.arrayValue ?? [] {
                if let call = part["functionCall"] {
                    let place = callsBefore + toolCalls.count
                    var object: JSONObject = [
                        "id": call["id"] ?? .string("call_\(id)_\(index)_\(place)"), "type": "function",
                        "function": ["name": call["name"] ?? "", "arguments": .string((call["args"] ?? [:]).jsonText)],
                    ]
                    if let signature = part["thoughtSignature"] {
                        object["extra_content"] = ["google": ["thought_signature": signature]]
                    }
                    toolCalls.append(.object(object))
                } else if let said = part["text"]?.stringValue {
                    if part["thought"] == true { reasoning = (reasoning ?? "") + said } else { text = (text ?? "") + said }
                }
            }
            finishReason = json["finishReason"]?.stringValue.map { reason in
                switch reason {
                case "MAX_TOKENS": "length"
                case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY": "content_filter"
                default: toolCalls.isEmpty && callsBefore == 0 ? "stop" : "tool_calls"
                }
            }
        }
    }

    /// A whole answer.
    func whole(_ object: JSONObject) throws(AdapterError) -> DecodedAnswer {
        guard object["candidates"]?.arrayValue != nil || object["promptFeedback"] != nil else {
            throw .malformed("the answer has no candidates")
        }
        let usage = object["usageMetadata"].flatMap(Self.usage)
        let choices = candidates(object).map { isChat ? message($0) : completion($0) }
        var answer = envelope(isChat ? "chat.completion" : "text_completion", choices, modelVersion: object["modelVersion"])
        answer["usage"] = (usage?.openAI).map { .object($0) }
        return DecodedAnswer(answer, usage: usage)
    }

    /// The candidates; a prompt that was blocked comes to one that says so.
    private func candidates(_ object: JSONObject) -> [Candidate] {
        let found = (object["candidates"]?.arrayValue ?? []).map { Candidate($0, id: id) }
        guard found.isEmpty, object["promptFeedback"]?["blockReason"] != nil else { return found }
        return [Candidate(["finishReason": "SAFETY"], id: id)]
    }

    private func message(_ candidate: Candidate) -> JSONValue {
        var message: JSONObject = ["role": "assistant", "content": candidate.text.map { .string($0) } ?? .null]
        if let reasoning = candidate.reasoning { message["reasoning_content"] = .string(reasoning) }
        if !candidate.toolCalls.isEmpty { message["tool_calls"] = .array(candidate.toolCalls) }
        return choice(candidate, "message", .object(message))
    }

    private func completion(_ candidate: Candidate) -> JSONValue { choice(candidate, "text", .string(candidate.text ?? "")) }

    func choice(_ candidate: Candidate, _ name: String, _ value: JSONValue) -> JSONValue {
        .object([
            "index": .integer(candidate.index), name: value, "logprobs": .null,
            "finish_reason": candidate.finishReason.map { .string($0) } ?? .null,
        ])
    }

    func envelope(_ object: String, _ choices: [JSONValue], modelVersion: JSONValue?) -> JSONObject {
        [
            "id": .string(isChat ? "chatcmpl-\(id)" : "cmpl-\(id)"), "object": .string(object), "created": .integer(time),
            "model": modelVersion ?? .string(model), "choices": .array(choices),
        ]
    }

    /// Thoughts are part of what was completed, which Gemini counts apart.
    static func usage(_ counts: JSONValue) -> Usage? {
        guard let prompt = counts["promptTokenCount"]?.integerValue else { return nil }
        let thoughts = counts["thoughtsTokenCount"]?.integerValue
        let said = counts["candidatesTokenCount"]?.integerValue
        return Usage(
            prompt: prompt, completion: (said ?? 0) + (thoughts ?? 0), total: counts["totalTokenCount"]?.integerValue,
            cached: counts["cachedContentTokenCount"]?.integerValue, reasoning: thoughts)
    }
}
