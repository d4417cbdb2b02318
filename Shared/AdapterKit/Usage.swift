package import JSON

/// What a provider says that was used; `nil` is what it doesn't say.
package struct Usage: Sendable, Equatable {
    /// All input tokens, with those that the provider read from its prompt cache or wrote to it.
    package var promptTokens: Int64?
    package var completionTokens: Int64?
    package var totalTokens: Int64?
    /// Of the prompt's: read from the prompt cache.
    package var cachedTokens: Int64?
    /// Of the prompt's: written to the prompt cache, however long they are kept.
    package var cacheWriteTokens: Int64?
    /// Of `cacheWriteTokens`: those that are kept for an hour.
    package var cacheWrite1hTokens: Int64?
    /// Of the completion's.
    package var reasoningTokens: Int64?
    /// Of the prompt's.
    package var promptAudioTokens: Int64?
    /// Of the completion's.
    package var completionAudioTokens: Int64?
    /// Searches of the web that the provider made.
    package var webSearches: Int64?
    /// The tier that served the request, in the provider's words.
    package var serviceTier: String?
    /// Where it was computed, in Anthropic's words.
    package var inferenceGeo: String?
    /// What else the provider bills, which the counts don't tell.
    package var otherCharges: [String] = []

    package init(
        prompt: Int64? = nil, completion: Int64? = nil, total: Int64? = nil, cached: Int64? = nil, cacheWrite: Int64? = nil,
        cacheWrite1h: Int64? = nil, reasoning: Int64? = nil, serviceTier: String? = nil
    ) {
        promptTokens = prompt
        completionTokens = completion
        totalTokens = total ?? prompt.map { Self.saturatingSum($0, completion ?? 0) }
        cachedTokens = cached
        cacheWriteTokens = cacheWrite
        cacheWrite1hTokens = cacheWrite1h
        reasoningTokens = reasoning
        self.serviceTier = serviceTier
    }

    /// Adds counts that a provider has sent, which may be anything: beyond the largest number there is no more.
    package static func saturatingSum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflows) = left.addingReportingOverflow(right)
        return overflows ? (left < 0 ? .min : .max) : sum
    }

    /// What is known of the prompt before the response has ended.
    package var promptOnly: Usage {
        var usage = self
        (usage.completionTokens, usage.reasoningTokens, usage.completionAudioTokens) = (nil, nil, nil)
        usage.totalTokens = promptTokens
        return usage
    }

    /// As OpenAI's responses have it. How long writes to the cache are kept has no place there; it stands where LiteLLM puts it.
    package var openAI: JSONObject {
        var object: JSONObject = [
            "prompt_tokens": .integer(promptTokens ?? 0), "completion_tokens": .integer(completionTokens ?? 0),
            "total_tokens": .integer(totalTokens ?? 0),
        ]
        var prompt = JSONObject()
        if let cachedTokens { prompt["cached_tokens"] = .integer(cachedTokens) }
        if let cacheWriteTokens { prompt["cache_write_tokens"] = .integer(cacheWriteTokens) }
        if let cacheWriteTokens, let hour = cacheWrite1hTokens {
            prompt["cache_creation_token_details"] = [
                "ephemeral_5m_input_tokens": .integer(max(0, Self.saturatingSum(cacheWriteTokens, -max(hour, 0)))),
                "ephemeral_1h_input_tokens": .integer(hour),
            ]
        }
        if let promptAudioTokens { prompt["audio_tokens"] = .integer(promptAudioTokens) }
        if !prompt.members.isEmpty { object["prompt_tokens_details"] = .object(prompt) }
        var completion = JSONObject()
        if let reasoningTokens { completion["reasoning_tokens"] = .integer(reasoningTokens) }
        if let completionAudioTokens { completion["audio_tokens"] = .integer(completionAudioTokens) }
        if !completion.members.isEmpty { object["completion_tokens_details"] = .object(completion) }
        return object
    }
}

// As the interface passes it.
extension Usage: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("prompt_tokens", promptTokens)
            json.field("completion_tokens", completionTokens)
            json.field("total_tokens", totalTokens)
            json.field("cached_tokens", cachedTokens)
            json.field("cache_write_tokens", cacheWriteTokens)
            json.field("cache_write_1h_tokens", cacheWrite1hTokens)
            json.field("reasoning_tokens", reasoningTokens)
            json.field("prompt_audio_tokens", promptAudioTokens)
            json.field("completion_audio_tokens", completionAudioTokens)
            json.field("web_searches", webSearches)
            json.field("service_tier", serviceTier)
            json.field("inference_geo", inferenceGeo)
            json.field("other_charges", otherCharges)
        }
    }
}
