package import JSON

/// The usage that a provider reports; `nil` means that it doesn't report a count.
package struct Usage: Sendable, Equatable {
    /// All input tokens, including those read from or written to the provider's prompt cache.
    package var promptTokens: Int64?
    package var completionTokens: Int64?
    package var totalTokens: Int64?
    /// The prompt tokens read from the prompt cache.
    package var cachedTokens: Int64?
    /// The prompt tokens written to the prompt cache, for any cache lifetime.
    package var cacheWriteTokens: Int64?
    /// The part of `cacheWriteTokens` with a cache lifetime of one hour.
    package var cacheWrite1hTokens: Int64?
    /// The completion tokens spent on reasoning.
    package var reasoningTokens: Int64?
    /// The prompt tokens of audio.
    package var promptAudioTokens: Int64?
    /// The completion tokens of audio.
    package var completionAudioTokens: Int64?
    /// Web searches performed by the provider.
    package var webSearches: Int64?
    /// The tier that served the request, as the provider names it.
    package var serviceTier: String?
    /// The region of the inference, as Anthropic names it.
    package var inferenceGeo: String?
    /// Other items that the provider bills and that these counts don't cover.
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

    /// Adds two counts from a provider, which may be arbitrary, without overflow.
    package static func saturatingSum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflows) = left.addingReportingOverflow(right)
        return overflows ? (left < 0 ? .min : .max) : sum
    }

    /// The usage of the prompt, known before the response has ended.
    package var promptOnly: Usage {
        var usage = self
        (usage.completionTokens, usage.reasoningTokens, usage.completionAudioTokens) = (nil, nil, nil)
        usage.totalTokens = promptTokens
        return usage
    }

    /// The `usage` of OpenAI's responses. OpenAI has no member for the cache lifetime of cache writes; LiteLLM's is used instead.
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

// The JSON of `UNLADEN_OUT_USAGE`.
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
