package import JSON

/// Accumulates the token usage from the events of a stream, or from one response, of Anthropic's Messages API.
///
/// Anthropic counts tokens read from or written to the prompt cache separately from the input; here, all of them are part of the prompt
/// (platform.claude.com/docs/en/build-with-claude/prompt-caching).
package struct MessagesUsageAccumulator: Sendable {
    /// The counts of `server_tool_use` that cost nothing besides tokens, or that `Usage` counts.
    private static let countedTools: Set<String> = ["web_search_requests", "web_fetch_requests", "tool_search_requests"]

    private var counts = Counts()
    /// The tokens spent on compaction of a long context, which the other counts don't include.
    private var compaction = Counts()
    private var webSearches: Int64?
    private var serviceTier: String?
    private var speed: String?
    private var inferenceGeo: String?
    private var otherCharges: [String] = []

    package init() {}

    /// The usage of a complete message.
    package static func total(of message: JSONObject) -> Usage? {
        var usage = MessagesUsageAccumulator()
        if let counts = message["usage"] { usage.update(counts) }
        return usage.total
    }

    /// Adds the `usage` of the event that starts a stream. Its output count is a placeholder that later events correct, so it is ignored:
    /// the output of a stream that ends before those events is unknown.
    package mutating func update(start usage: JSONValue) {
        update(usage)
        counts.tokens["output_tokens"] = nil
    }

    /// Adds a `usage`; its counts replace earlier ones.
    package mutating func update(_ usage: JSONValue) {
        counts.update(Counts(usage))
        serviceTier = usage["service_tier"]?.stringValue ?? serviceTier
        speed = usage["speed"]?.stringValue ?? speed
        inferenceGeo = usage["inference_geo"]?.stringValue ?? inferenceGeo
        for member in usage["server_tool_use"]?.objectValue?.members ?? [] {
            guard let count = member.value.integerValue else { continue }
            if member.name == "web_search_requests" { webSearches = count }
            if count > 0, !Self.countedTools.contains(member.name) { addCharge(member.name) }
        }
        if let iterations = usage["iterations"]?.arrayValue { update(iterations: iterations) }
    }

    /// Adds the iterations of a request, which may run the model several times. The total counts don't include the compaction of a long
    /// context and calls to advisor models (platform.claude.com/docs/en/build-with-claude/compaction).
    private mutating func update(iterations: [JSONValue]) {
        compaction = Counts()
        for iteration in iterations {
            switch iteration["type"]?.stringValue {
            case nil, "message": break
            case "compaction": compaction.add(Counts(iteration))
            case let type?: addCharge(type)
            }
        }
    }

    private mutating func addCharge(_ name: String) { if !otherCharges.contains(name) { otherCharges.append(name) } }

    /// The usage of the prompt.
    package var prompt: Usage? { total?.promptOnly }

    /// The accumulated usage; `nil` when nothing was counted.
    package var total: Usage? {
        guard !counts.tokens.isEmpty else { return nil }
        var sums = counts
        sums.add(compaction)
        let read = sums.tokens["cache_read_input_tokens"]
        let written = counts.written.map { Usage.saturatingSum($0, compaction.written ?? 0) } ?? compaction.written
        let prompt = sums.tokens["input_tokens"].map { Usage.saturatingSum(Usage.saturatingSum($0, read ?? 0), written ?? 0) }
        var usage = Usage(
            prompt: prompt, completion: sums.tokens["output_tokens"], cached: read, cacheWrite: written,
            cacheWrite1h: sums.kept["ephemeral_1h_input_tokens"], serviceTier: speed == "fast" ? speed : serviceTier)
        usage.webSearches = webSearches
        usage.inferenceGeo = inferenceGeo
        usage.otherCharges = otherCharges
        return usage
    }
}

/// The counts of a `usage` or of one of its iterations.
private struct Counts: Sendable {
    private static let names = ["input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"]

    var tokens: [String: Int64] = [:]
    /// The counts of `cache_creation_input_tokens` by cache lifetime.
    var kept: [String: Int64] = [:]

    init() {}

    init(_ usage: JSONValue) {
        for name in Self.names { tokens[name] = usage[name]?.integerValue }
        for member in usage["cache_creation"]?.objectValue?.members ?? [] { kept[member.name] = member.value.integerValue }
    }

    /// The tokens written to the prompt cache, summed over the cache lifetimes if no total is given.
    var written: Int64? {
        tokens["cache_creation_input_tokens"] ?? (kept.isEmpty ? nil : kept.values.reduce(0, Usage.saturatingSum))
    }

    /// Replaces counts by later ones.
    mutating func update(_ later: Counts) {
        tokens.merge(later.tokens) { $1 }
        kept.merge(later.kept) { $1 }
    }

    mutating func add(_ other: Counts) {
        tokens.merge(other.tokens, uniquingKeysWith: Usage.saturatingSum)
        kept.merge(other.kept, uniquingKeysWith: Usage.saturatingSum)
    }
}
