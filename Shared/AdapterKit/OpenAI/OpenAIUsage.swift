package import JSON

/// Decodes the `usage` of OpenAI's responses, and of providers that implement OpenAI's API with additional counts.
package enum OpenAIUsage {
    /// The usage of a chat, a completion or embeddings.
    ///
    /// - Parameter serviceTier: the response's `service_tier`.
    package static func ofCompletion(_ usage: JSONValue, serviceTier: JSONValue?) -> Usage? {
        guard usage.objectValue != nil else { return nil }
        let prompt = usage["prompt_tokens"]?.integerValue
        var completion = usage["completion_tokens"]?.integerValue
        let total = usage["total_tokens"]?.integerValue
        let spent = usage["completion_tokens_details"]
        let reasoning = spent?["reasoning_tokens"]?.integerValue
        // xAI doesn't include reasoning tokens in the completion; only the total does.
        if let said = completion, let reasoning, total == Usage.saturatingSum(Usage.saturatingSum(prompt ?? 0, said), reasoning) {
            completion = Usage.saturatingSum(said, reasoning)
        }
        let details = usage["prompt_tokens_details"]
        let kept = details?["cache_creation_token_details"] ?? usage["cache_creation"]
        var counts = Usage(
            prompt: prompt, completion: completion, total: total,
            // OpenAI's name, DeepSeek's, and Anthropic's, which proxies use.
            cached: details?["cached_tokens"]?.integerValue ?? usage["prompt_cache_hit_tokens"]?.integerValue
                ?? usage["cache_read_input_tokens"]?.integerValue,
            // OpenAI's and OpenRouter's name, LiteLLM's, and Anthropic's.
            cacheWrite: details?["cache_write_tokens"]?.integerValue ?? details?["cache_creation_tokens"]?.integerValue
                ?? usage["cache_creation_input_tokens"]?.integerValue,
            cacheWrite1h: kept?["ephemeral_1h_input_tokens"]?.integerValue, reasoning: reasoning,
            serviceTier: serviceTier?.stringValue)
        counts.promptAudioTokens = details?["audio_tokens"]?.integerValue
        counts.completionAudioTokens = spent?["audio_tokens"]?.integerValue
        // xAI bills each source that its live search uses.
        if let sources = usage["num_sources_used"]?.integerValue, sources > 0 { counts.otherCharges = ["live_search"] }
        return counts
    }

    /// The usage of the Responses API, which uses other names.
    ///
    /// - Parameter serviceTier: the response's `service_tier`.
    package static func ofResponse(_ usage: JSONValue, serviceTier: JSONValue?) -> Usage? {
        guard usage.objectValue != nil else { return nil }
        let details = usage["input_tokens_details"]
        return Usage(
            prompt: usage["input_tokens"]?.integerValue, completion: usage["output_tokens"]?.integerValue,
            total: usage["total_tokens"]?.integerValue, cached: details?["cached_tokens"]?.integerValue,
            cacheWrite: details?["cache_write_tokens"]?.integerValue,
            reasoning: usage["output_tokens_details"]?["reasoning_tokens"]?.integerValue, serviceTier: serviceTier?.stringValue)
    }
}
