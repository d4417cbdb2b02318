package import JSON

/// Adds up what the events of a stream, or one answer, of Anthropic's Messages API say of the tokens.
///
/// Anthropic counts what was read from the prompt cache or written to it beside the input; here all of it is the prompt
/// (platform.claude.com/docs/en/build-with-claude/prompt-caching).
package struct MessageUsage: Sendable {
    private static let names = ["input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"]
    /// What servers' tools do that costs nothing beside tokens, or has a count of its own here.
    private static let countedTools: Set<String> = ["web_search_requests", "web_fetch_requests", "tool_search_requests"]

    private var counts: [String: Int64] = [:]
    /// Of `cache_creation_input_tokens`, by how long they are kept.
    private var kept: [String: Int64] = [:]
    /// What summaries of a long context took, which the other counts leave out.
    private var compaction: [String: Int64] = [:]
    private var webSearches: Int64?
    private var serviceTier: String?
    private var speed: String?
    private var inferenceGeo: String?
    private var otherCharges: [String] = []

    package init() {}

    /// Takes the `usage` of the event that starts a stream. It counts the output before there is any, as one token, and only later events
    /// know better: a stream that breaks off before them says nothing of its output.
    package mutating func take(start usage: JSONValue) {
        take(usage)
        counts["output_tokens"] = nil
    }

    /// Takes a `usage`; its counts replace those before it.
    package mutating func take(_ usage: JSONValue) {
        for name in Self.names { if let count = usage[name]?.integerValue { counts[name] = count } }
        for member in usage["cache_creation"]?.objectValue?.members ?? [] {
            if let count = member.value.integerValue { kept[member.name] = count }
        }
        serviceTier = usage["service_tier"]?.stringValue ?? serviceTier
        speed = usage["speed"]?.stringValue ?? speed
        inferenceGeo = usage["inference_geo"]?.stringValue ?? inferenceGeo
        for member in usage["server_tool_use"]?.objectValue?.members ?? [] {
            guard let count = member.value.integerValue else { continue }
            if member.name == "web_search_requests" { webSearches = count }
            if count > 0, !Self.countedTools.contains(member.name) { charge(member.name) }
        }
        if let iterations = usage["iterations"]?.arrayValue { take(iterations: iterations) }
    }

    /// One request may run the model several times. The counts of the whole leave out summaries of a long context, and other models
    /// that were asked for advice (platform.claude.com/docs/en/build-with-claude/compaction).
    private mutating func take(iterations: [JSONValue]) {
        compaction = [:]
        for iteration in iterations {
            switch iteration["type"]?.stringValue {
            case nil, "message": break
            case "compaction":
                for name in Self.names {
                    if let count = iteration[name]?.integerValue { compaction[name] = Usage.sum(compaction[name] ?? 0, count) }
                }
            case let type?: charge(type)
            }
        }
    }

    private mutating func charge(_ name: String) { if !otherCharges.contains(name) { otherCharges.append(name) } }

    /// What is known of the prompt.
    package var prompt: Usage? { total?.ofPrompt }

    /// `nil` when nothing was counted.
    package var total: Usage? {
        guard !counts.isEmpty else { return nil }
        func count(_ name: String) -> Int64? {
            counts[name].map { Usage.sum($0, compaction[name] ?? 0) } ?? compaction[name]
        }
        let read = count("cache_read_input_tokens")
        let written = count("cache_creation_input_tokens") ?? (kept.isEmpty ? nil : kept.values.reduce(0, Usage.sum))
        let prompt = count("input_tokens").map { Usage.sum(Usage.sum($0, read ?? 0), written ?? 0) }
        var usage = Usage(
            prompt: prompt, completion: count("output_tokens"), cached: read, cacheWrite: written,
            cacheWrite1h: kept["ephemeral_1h_input_tokens"], serviceTier: speed == "fast" ? speed : serviceTier)
        usage.webSearches = webSearches
        usage.inferenceGeo = inferenceGeo
        usage.otherCharges = otherCharges
        return usage
    }
}
