package import JSON
internal import PluginABI
internal import PluginHost

/// The usage that an adapter reports: see `UNLADEN_OUT_USAGE` in `unladen_adapter.h`. `nil` means that the provider doesn't report a
/// count.
package struct TokenUsage: Sendable, Equatable {
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
    /// Whether the provider bills other items that these counts don't cover.
    package var hasOtherCharges = false

    /// The upper bound of each count: more than any request can use, and small enough that sums can't overflow.
    package static let maximumCount: Int64 = 1_000_000_000_000

    package init(_ json: JSONValue) {
        for member in json.objectValue?.members ?? [] { read(member) }
    }

    private mutating func read(_ member: JSONObject.Member) {
        var count: Int64? { member.value.integerValue.map { min(max($0, 0), Self.maximumCount) } }
        switch member.name {
        case "prompt_tokens": promptTokens = count
        case "completion_tokens": completionTokens = count
        case "total_tokens": totalTokens = count
        case "cached_tokens": cachedTokens = count
        case "cache_write_tokens": cacheWriteTokens = count
        case "cache_write_1h_tokens": cacheWrite1hTokens = count
        case "reasoning_tokens": reasoningTokens = count
        case "prompt_audio_tokens": promptAudioTokens = count
        case "completion_audio_tokens": completionAudioTokens = count
        case "web_searches": webSearches = count
        case "service_tier": serviceTier = member.value.stringValue
        case "inference_geo": inferenceGeo = member.value.stringValue
        case "other_charges": hasOtherCharges = member.value.arrayValue?.isEmpty == false
        default: break
        }
    }

    /// Fills missing counts from an earlier usage. Streams report their usage in parts, and a later part may omit counts.
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

extension PluginOutput {
    /// The last usage, if it is valid.
    var usage: TokenUsage? { lastValue(Int(UNLADEN_OUT_USAGE)).flatMap { try? JSONValue(parsing: $0) }.map(TokenUsage.init) }
}
