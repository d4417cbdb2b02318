package import JSON

/// What an adapter says that was used, as `UNLADEN_OUT_USAGE` in `unladen_adapter.h` has it; `nil` is what the provider doesn't say.
package struct TokenUsage: Sendable, Equatable {
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
    /// Whether the provider bills something that the counts don't tell.
    package var hasOtherCharges = false

    /// More than any request can use, so that sums of such counts can't overflow.
    package static let maximumCount: Int64 = 1_000_000_000_000

    package init(_ json: JSONValue) {
        func count(_ name: String) -> Int64? { json[name]?.integerValue.map { min(max($0, 0), Self.maximumCount) } }
        promptTokens = count("prompt_tokens")
        completionTokens = count("completion_tokens")
        totalTokens = count("total_tokens")
        cachedTokens = count("cached_tokens")
        cacheWriteTokens = count("cache_write_tokens")
        cacheWrite1hTokens = count("cache_write_1h_tokens")
        reasoningTokens = count("reasoning_tokens")
        promptAudioTokens = count("prompt_audio_tokens")
        completionAudioTokens = count("completion_audio_tokens")
        webSearches = count("web_searches")
        serviceTier = json["service_tier"]?.stringValue
        inferenceGeo = json["inference_geo"]?.stringValue
        hasOtherCharges = json["other_charges"]?.arrayValue?.isEmpty == false
    }

    /// Streams tell their usage in parts: what a later part leaves out is as in the part before.
    package func filled(from earlier: TokenUsage?) -> TokenUsage {
        guard let earlier else { return self }
        var usage = self
        usage.promptTokens = promptTokens ?? earlier.promptTokens
        usage.completionTokens = completionTokens ?? earlier.completionTokens
        usage.totalTokens = totalTokens ?? earlier.totalTokens
        usage.cachedTokens = cachedTokens ?? earlier.cachedTokens
        usage.cacheWriteTokens = cacheWriteTokens ?? earlier.cacheWriteTokens
        usage.cacheWrite1hTokens = cacheWrite1hTokens ?? earlier.cacheWrite1hTokens
        usage.reasoningTokens = reasoningTokens ?? earlier.reasoningTokens
        usage.promptAudioTokens = promptAudioTokens ?? earlier.promptAudioTokens
        usage.completionAudioTokens = completionAudioTokens ?? earlier.completionAudioTokens
        usage.webSearches = webSearches ?? earlier.webSearches
        usage.serviceTier = serviceTier ?? earlier.serviceTier
        usage.inferenceGeo = inferenceGeo ?? earlier.inferenceGeo
        usage.hasOtherCharges = hasOtherCharges || earlier.hasOtherCharges
        return usage
    }
}
