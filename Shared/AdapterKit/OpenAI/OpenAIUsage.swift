package import JSON

/// The `usage` members of OpenAI's answers.
package enum OpenAIUsage {
    /// Of chats, completions and embeddings.
    package static func ofCompletion(_ usage: JSONValue) -> Usage? {
        guard usage.objectValue != nil else { return nil }
        let prompt = usage["prompt_tokens"]?.integerValue
        var completion = usage["completion_tokens"]?.integerValue
        let total = usage["total_tokens"]?.integerValue
        let reasoning = usage["completion_tokens_details"]?["reasoning_tokens"]?.integerValue
        // xAI counts thoughts beside the completion, and only the total shows it.
        if let said = completion, let reasoning, total == Usage.sum(Usage.sum(prompt ?? 0, said), reasoning) {
            completion = Usage.sum(said, reasoning)
        }
        return Usage(
            prompt: prompt, completion: completion, total: total,
            cached: usage["prompt_tokens_details"]?["cached_tokens"]?.integerValue, reasoning: reasoning)
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
