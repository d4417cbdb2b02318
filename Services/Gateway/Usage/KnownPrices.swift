extension PriceTable {
    /// List prices of much used models in US dollars for a million tokens, as the providers' price pages had them in the middle of
    /// 2025. A configuration's `prices` come before them.
    static let known = PriceTable(
        Dictionary(
            uniqueKeysWithValues: list.map { name, input, output, cached, most in
                (name, Price(input: million(input), output: million(output), cachedInput: cached.map(million), maxOutputTokens: most))
            }))

    /// Dollars for a million tokens as `Price` has them.
    static func million(_ dollars: Double) -> Int64 { Int64((dollars * 1_000_000).rounded()) }

    private static let list: [(String, Double, Double, Double?, Int64?)] = [
        ("gpt-4.1", 2, 8, 0.5, 32768), ("gpt-4.1-mini", 0.4, 1.6, 0.1, 32768), ("gpt-4.1-nano", 0.1, 0.4, 0.025, 32768),
        ("gpt-4o", 2.5, 10, 1.25, 16384), ("gpt-4o-mini", 0.15, 0.6, 0.075, 16384),
        ("gpt-5", 1.25, 10, 0.125, 128_000), ("gpt-5-mini", 0.25, 2, 0.025, 128_000), ("gpt-5-nano", 0.05, 0.4, 0.005, 128_000),
        ("o1", 15, 60, 7.5, 100_000), ("o3", 2, 8, 0.5, 100_000), ("o3-mini", 1.1, 4.4, 0.55, 100_000),
        ("o4-mini", 1.1, 4.4, 0.275, 100_000), ("gpt-4-turbo", 10, 30, nil, 4096), ("gpt-4", 30, 60, nil, 8192),
        ("gpt-3.5-turbo", 0.5, 1.5, nil, 4096), ("gpt-3.5-turbo-instruct", 1.5, 2, nil, 4096),
        ("text-embedding-3-small", 0.02, 0, nil, nil), ("text-embedding-3-large", 0.13, 0, nil, nil),
        ("text-embedding-ada-002", 0.1, 0, nil, nil),
        ("claude-opus-4-0", 15, 75, 1.5, 32000), ("claude-opus-4-1", 15, 75, 1.5, 32000),
        ("claude-sonnet-4-0", 3, 15, 0.3, 64000), ("claude-3-7-sonnet-latest", 3, 15, 0.3, 64000),
        ("claude-3-5-sonnet-latest", 3, 15, 0.3, 8192), ("claude-3-5-haiku-latest", 0.8, 4, 0.08, 8192),
        ("claude-3-haiku-20240307", 0.25, 1.25, 0.03, 4096), ("claude-3-opus-latest", 15, 75, 1.5, 4096),
        ("gemini-2.5-pro", 1.25, 10, 0.31, 65536), ("gemini-2.5-flash", 0.3, 2.5, 0.075, 65536),
        ("gemini-2.5-flash-lite", 0.1, 0.4, 0.025, 65536), ("gemini-2.0-flash", 0.1, 0.4, 0.025, 8192),
        ("mistral-large-latest", 2, 6, nil, nil), ("mistral-small-latest", 0.1, 0.3, nil, nil), ("mistral-embed", 0.1, 0, nil, nil),
        ("command-r-plus", 2.5, 10, nil, 4096), ("command-r", 0.15, 0.6, nil, 4096),
        ("deepseek-chat", 0.27, 1.1, 0.07, 8192), ("deepseek-reasoner", 0.55, 2.19, 0.14, 65536),
        ("grok-3", 3, 15, 0.75, nil), ("grok-3-mini", 0.3, 0.5, 0.075, nil),
        ("ollama/*", 0, 0, nil, nil), ("vllm/*", 0, 0, nil, nil), ("huggingface-text-generation-inference/*", 0, 0, nil, nil),
        ("mlflow-model-serving/*", 0, 0, nil, nil), ("unladen-worker/*", 0, 0, nil, nil),
    ]
}
