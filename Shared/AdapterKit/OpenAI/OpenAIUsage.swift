package import JSON

/// The `usage` members of OpenAI's answers.
package enum OpenAIUsage {
    /// Of chats, completions and embeddings.
    package static func ofCompletion(_ usage: JSONValue) -> Usage? {
        guard usage.objectValue != nil else { return nil }
        return Usage(
            prompt: usage["prompt_tokens"]?.integerValue, completion: usage["completion_tokens"]?.integerValue,
            total: usage["total_tokens"]?.integerValue, cached: usage["prompt_tokens_details"]?["cached_tokens"]?.integerValue,
            reasoning: usage["completion_tokens_details"]?["reasoning_tokens"]?.integerValue)
    }

    /// Of responses, which have other names.
    package static func ofResponse(_ usage: JSONValue) -> Usage? {
        guard usage.objectValue != nil else { return nil }
        return Usage(
            prompt: usage["input_tokens"]?.integerValue, completion: usage["output_tokens"]?.integerValue,
            total: usage["total_tokens"]?.integerValue, cached: usage["input_tokens_details"]?["cached_tokens"]?.integerValue,
            reasoning: usage["output_tokens_details"]?["reasoning_tokens"]?.integerValue)
    }
}
