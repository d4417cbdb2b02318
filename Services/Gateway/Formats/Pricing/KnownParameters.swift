internal import JSON

/// The members of requests with a known maximum cost: nothing, or at most their bytes as tokens. Any other member may make the provider
/// fetch, search or run something that isn't in the request.
enum KnownParameters {
    /// Providers whose adapters build a new request, so that unknown members aren't sent.
    static let translatedProviders: Set<String> = ["anthropic", "bedrock", "amazon-bedrock", "cohere", "gemini"]
    /// Self-hosted servers that report no usage and so have no cost, so that any parameter is allowed.
    private static let serversWithoutUsage: Set<String> = ["mosaicml", "mlflow-model-serving"]
    /// Servers that render prompts with a template, which `templateParameters` affect.
    private static let templatingServers: Set<String> = [
        "vllm", "huggingface-text-generation-inference", "unladen-worker", "ollama",
    ]
    /// Members that affect how a server renders a prompt.
    private static let templateParameters: Set<String> = [
        "chat_template", "chat_template_kwargs", "documents", "mm_processor_kwargs",
    ]

    /// What is known about the cost of a member.
    enum Kind {
        /// Its maximum cost is known.
        case known
        /// It only costs prompt tokens, but their number is unknown.
        case unsized
        /// Its maximum cost is unknown.
        case unknown
    }

    /// Classifies a member of a chat, completion or embeddings request.
    static func openAI(_ name: String, _ value: JSONValue, _ provider: String) -> Kind {
        if chat.contains(name) || providerParameters[provider]?.contains(name) ?? false { return .known }
        if translatedProviders.contains(provider) || serversWithoutUsage.contains(provider) { return .known }
        if templatingServers.contains(provider), templateParameters.contains(name) { return .unsized }
        // With `safe_prompt`, Mistral adds text before the prompt.
        return name == "safe_prompt" && value == false ? .known : .unknown
    }

    private static let chat: Set<String> = [
        "model", "messages", "prompt", "input", "text", "suffix", "max_tokens", "max_completion_tokens", "n", "best_of",
        "candidate_count", "echo", "stream", "stream_options", "stop", "temperature", "top_p", "top_k", "top_a", "min_p", "typical_p",
        "frequency_penalty", "presence_penalty", "repetition_penalty", "logit_bias", "logprobs", "top_logprobs", "seed", "user",
        "safety_identifier", "metadata", "store", "service_tier", "tools", "tool_choice", "parallel_tool_calls", "functions",
        "function_call", "response_format", "reasoning", "reasoning_effort", "thinking", "verbosity", "modalities", "audio",
        "prompt_cache_key", "prompt_cache_retention", "encoding_format", "dimensions", "input_type", "truncate",
    ]
    private static let sampling: Set<String> = [
        "min_tokens", "ignore_eos", "skip_special_tokens", "spaces_between_special_tokens", "stop_token_ids", "include_stop_str_in_output",
        "length_penalty", "guided_json", "guided_regex", "guided_choice", "guided_grammar", "structured_outputs", "priority",
        "add_generation_prompt", "continue_final_message", "add_special_tokens", "prompt_logprobs", "return_tokens_as_token_ids",
        "truncate_prompt_tokens",
    ]
    private static let providerParameters: [String: Set<String>] = [
        "groq": ["reasoning_format", "include_reasoning", "disable_tool_validation"],
        "openrouter": ["include_reasoning", "transforms", "usage", "structured_outputs"],
        "mistral": ["random_seed", "output_dimension", "output_dtype"], "togetherai": ["context_length_exceeded_behavior"],
        "ai21labs": ["documents"], "vllm": sampling, "huggingface-text-generation-inference": sampling, "unladen-worker": sampling,
    ]

    /// Members of requests to OpenAI's Responses API.
    static let responses: Set<String> = [
        "model", "input", "instructions", "max_output_tokens", "max_tool_calls", "metadata", "parallel_tool_calls", "reasoning",
        "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "service_tier", "store", "stream", "stream_options",
        "temperature", "text", "tool_choice", "tools", "top_logprobs", "top_p", "truncation", "user", "include", "seed", "stop",
        "frequency_penalty", "presence_penalty",
    ]
    /// Members of `reasoning`.
    static let reasoning: Set<String> = ["effort", "summary", "generate_summary", "max_tokens", "exclude", "enabled"]

    /// Members of requests to Anthropic's Messages API.
    static let messages: Set<String> = [
        "model", "messages", "max_tokens", "metadata", "stop_sequences", "stream", "system", "temperature", "thinking", "tool_choice",
        "tools", "top_k", "top_p", "service_tier", "speed", "inference_geo", "output_config", "output_format", "cache_control",
        "context_management", "anthropic_version", "anthropic_beta",
    ]
    /// Members of `output_config`.
    static let outputConfig: Set<String> = ["effort", "format", "task_budget"]

    /// Members of a chat message.
    static let message: Set<String> = [
        "role", "content", "name", "tool_calls", "tool_call_id", "function_call", "refusal", "audio", "annotations", "reasoning",
        "reasoning_content", "reasoning_details", "thinking_blocks", "provider_specific_fields", "prefix", "cache_control", "id", "type",
        "status", "tool_plan", "weight", "extra_content",
    ]
}
