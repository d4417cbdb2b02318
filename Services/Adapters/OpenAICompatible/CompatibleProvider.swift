internal import AdapterKit
internal import JSON

/// A provider that implements OpenAI's API, and its differences. The configuration keys are those of MLflow's gateway.
struct CompatibleProvider: Sendable {
    var name: String
    /// The default base URL; `nil` if each deployment has its own.
    var base: String?
    var baseKey = "api_base"
    var secretKey = "api_key"
    var isSecretRequired = true
    var tasks: [AdapterTask] = [.chat]
    /// Whether streams report their usage only on request; otherwise, they always do.
    var requestsUsage = true
    /// Additional configuration keys, and the headers that they set.
    var headerKeys: [(key: String, header: String)] = []
    /// Adapts a request to the provider.
    var adjust: (@Sendable (inout JSONObject) throws(AdapterError) -> Void)?

    static let all: [CompatibleProvider] = [
        CompatibleProvider(name: "groq", base: "https://api.groq.com/openai/v1"),
        CompatibleProvider(name: "deepseek", base: "https://api.deepseek.com/v1", adjust: LegacyMaxTokens.adjust),
        CompatibleProvider(name: "xai", base: "https://api.x.ai/v1"),
        CompatibleProvider(name: "openrouter", base: "https://openrouter.ai/api/v1", tasks: [.chat, .completions]),
        CompatibleProvider(
            name: "togetherai", base: "https://api.together.xyz/v1", secretKey: "togetherai_api_key",
            tasks: [.chat, .completions, .embeddings], adjust: LegacyMaxTokens.adjust),
        CompatibleProvider(
            name: "mistral", base: "https://api.mistral.ai/v1", secretKey: "mistral_api_key", tasks: [.chat, .embeddings],
            requestsUsage: false, adjust: Mistral.adjust),
        CompatibleProvider(
            name: "ollama", base: "http://localhost:11434/v1", isSecretRequired: false, tasks: [.chat, .completions, .embeddings],
            adjust: LegacyMaxTokens.adjust),
        CompatibleProvider(name: "vllm", isSecretRequired: false, tasks: [.chat, .completions, .embeddings, .responses]),
        CompatibleProvider(
            name: "portkey", base: "https://api.portkey.ai/v1", tasks: [.chat, .completions, .embeddings],
            headerKeys: [("portkey_provider", "x-portkey-provider"), ("portkey_config", "x-portkey-config")]),
        CompatibleProvider(name: "databricks", tasks: [.chat, .completions, .embeddings]),
    ]

    /// The provider's tasks, features and configuration keys.
    var description: ProviderDescription {
        let streams = tasks.filter { $0 != .embeddings }
        var config: [ProviderDescription.ConfigKey] = [
            .secret(secretKey, required: isSecretRequired), .text(baseKey, required: base == nil, default: base.map { .string($0) }),
        ]
        // Portkey's configuration may contain keys.
        config += headerKeys.map { $0.key == "portkey_config" ? .secret($0.key, required: false) : .text($0.key) }
        if name == "portkey" { config.append(.secret("provider_api_key", required: false)) }
        return ProviderDescription(
            name, tasks: tasks, streams: streams,
            features: ["tools", "images", "json_object", "json_schema", "stop", "seed", "n", "system"],
            config: config)
    }

    /// The headers for authentication, and those of `headerKeys`.
    func headers(_ configuration: EndpointConfiguration) throws(AdapterError) -> [HTTPHeader] {
        let secret = isSecretRequired ? try configuration.requiredString(secretKey) : try configuration.string(secretKey)
        var headers: [HTTPHeader] = []
        if name == "portkey" {
            // Portkey's own key is separate from the key of the provider behind it.
            if let secret { headers.append(HTTPHeader("x-portkey-api-key", secret)) }
            if let key = try configuration.string("provider_api_key") { headers.append(HTTPHeader("authorization", "Bearer \(key)")) }
        } else if let secret {
            headers.append(HTTPHeader("authorization", "Bearer \(secret)"))
        }
        for (key, header) in headerKeys {
            if let value = try configuration.string(key) { headers.append(HTTPHeader(header, value)) }
        }
        return headers
    }
}

/// For providers that support only the older name of the token limit, and silently ignore the newer one.
enum LegacyMaxTokens {
    static func adjust(_ body: inout JSONObject) {
        guard let limit = body["max_completion_tokens"] else { return }
        body["max_completion_tokens"] = nil
        if limit != .null { body["max_tokens"] = limit }
    }
}

/// Renames and removes members for Mistral, which rejects unknown ones.
enum Mistral {
    static func adjust(_ body: inout JSONObject) throws(AdapterError) {
        LegacyMaxTokens.adjust(&body)
        if let seed = body["seed"] {
            body["seed"] = nil
            if seed != .null { body["random_seed"] = seed }
        }
        if body["tool_choice"] == "required" { body["tool_choice"] = "any" }
        for name in ["user", "store", "metadata", "service_tier"] { body[name] = nil }
        if let dimensions = body["dimensions"] {
            body["dimensions"] = nil
            body["output_dimension"] = dimensions
        }
        if let messages = body["messages"]?.arrayValue {
            let known = ["role", "content", "tool_calls", "tool_call_id", "prefix"]
            body["messages"] = .array(
                messages.map { message in
                    var message = message.objectValue ?? [:]
                    // Only tool results may have a name: that of the function.
                    let isTool = message["role"] == "tool"
                    message.members.removeAll { !known.contains($0.name) && !(isTool && $0.name == "name") }
                    return .object(message)
                })
        }
        for (name, neutral) in [("logprobs", JSONValue.bool(false)), ("top_logprobs", .null), ("logit_bias", [:])] {
            guard let value = body[name] else { continue }
            guard value == .null || value == neutral else { throw .unsupported("Mistral's models don't support '\(name)'") }
            body[name] = nil
        }
    }
}
