internal import AdapterKit
internal import JSON

/// Translates responses of `generateContent` into OpenAI's.
struct GenerateContentResponse: Sendable {
    /// The basis for IDs of function calls, because Gemini often assigns none.
    private let id: String
    var builder: OpenAIResponseBuilder

    init(id: String, time: Int64, model: String, isChat: Bool) {
        self.id = id
        builder = OpenAIResponseBuilder(id: isChat ? "chatcmpl-\(id)" : "cmpl-\(id)", model: model, created: time, isChat: isChat)
    }

    /// A candidate of a response or of a stream event.
    struct Candidate {
        var index: Int64
        var text: String?
        var reasoning: String?
        var toolCalls: [JSONValue] = []
        /// OpenAI's finish reason; `nil` while the candidate continues.
        var finishReason: String?

        var openAIReason: JSONValue { finishReason.map { .string($0) } ?? .null }

        /// - Parameter callsBefore: the number of earlier function calls in the stream.
        init(_ json: JSONValue, id: String, callsBefore: Int = 0) {
            index = json["index"]?.integerValue ?? 0
            for part in json["content"]?["parts"]?.arrayValue ?? [] {
                if let call = part["functionCall"] {
                    let position = callsBefore + toolCalls.count
                    var object: JSONObject = [
                        "id": call["id"] ?? .string("call_\(id)_\(index)_\(position)"), "type": "function",
                        "function": ["name": call["name"] ?? "", "arguments": .string((call["args"] ?? [:]).jsonString)],
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
                case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT":
                    "content_filter"
                default: toolCalls.isEmpty && callsBefore == 0 ? "stop" : "tool_calls"
                }
            }
        }
    }

    /// Translates a complete response.
    func decode(_ object: JSONObject) throws(AdapterError) -> DecodedResponse {
        guard object["candidates"]?.arrayValue != nil || object["promptFeedback"] != nil else {
            throw .malformed("the response has no candidates")
        }
        let usage = object["usageMetadata"].flatMap(Self.usage)
        var builder = builder
        if let version = object["modelVersion"] { builder.model = version }
        let choices = candidates(object).map { candidate in
            let message = OpenAIResponseBuilder.message(
                text: candidate.text, reasoning: candidate.reasoning, toolCalls: candidate.toolCalls)
            let value = builder.isChat ? message : .string(candidate.text ?? "")
            return builder.choice(value, at: candidate.index, finishReason: candidate.openAIReason)
        }
        return DecodedResponse(builder.response(choices, usage: usage), usage: usage)
    }

    /// The candidates. A blocked prompt results in a candidate with a matching finish reason.
    ///
    /// - Parameter calls: the number of earlier function calls in the stream, by candidate.
    func candidates(_ object: JSONObject, after calls: [Int64: Int] = [:]) -> [Candidate] {
        let found = (object["candidates"]?.arrayValue ?? []).map { json in
            Candidate(json, id: id, callsBefore: calls[json["index"]?.integerValue ?? 0] ?? 0)
        }
        guard found.isEmpty, object["promptFeedback"]?["blockReason"] != nil else { return found }
        return [Candidate(["finishReason": "SAFETY"], id: id)]
    }

    /// Decodes the usage. Gemini counts thoughts separately, which are part of the completion, and tool results, which are part of the
    /// prompt: ai.google.dev/api/generate-content (UsageMetadata).
    static func usage(_ counts: JSONValue) -> Usage? {
        guard let asked = counts["promptTokenCount"]?.integerValue else { return nil }
        let thoughts = counts["thoughtsTokenCount"]?.integerValue
        let said = counts["candidatesTokenCount"]?.integerValue
        let read = counts["toolUsePromptTokenCount"]?.integerValue
        var usage = Usage(
            prompt: Usage.saturatingSum(asked, read ?? 0), completion: Usage.saturatingSum(said ?? 0, thoughts ?? 0),
            total: counts["totalTokenCount"]?.integerValue, cached: counts["cachedContentTokenCount"]?.integerValue,
            reasoning: thoughts, serviceTier: counts["serviceTier"]?.stringValue?.lowercased())
        usage.promptAudioTokens = audio(counts, "promptTokensDetails", "toolUsePromptTokensDetails")
        usage.completionAudioTokens = audio(counts, "candidatesTokensDetails")
        return usage
    }

    /// Sums the audio tokens.
    ///
    /// - Returns: `nil` when Gemini doesn't report tokens by modality.
    private static func audio(_ counts: JSONValue, _ names: String...) -> Int64? {
        let details = names.compactMap { counts[$0]?.arrayValue }.joined()
        guard !details.isEmpty else { return nil }
        return details.filter { $0["modality"] == "AUDIO" }.compactMap { $0["tokenCount"]?.integerValue }
            .reduce(0, Usage.saturatingSum)
    }
}
