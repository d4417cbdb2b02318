package import JSON

/// Adds up what the events of a stream, or one response, of Anthropic's Messages API say of the tokens.
///
/// Anthropic counts what was read from the prompt cache or written to it beside the input; here all of it is the prompt
/// (platform.claude.com/docs/en/build-with-claude/prompt-caching).
package struct MessagesUsageAccumulator: Sendable {
    /// What servers' tools do that costs nothing beside tokens, or has a count of its own here.
    private static let countedTools: Set<String> = ["web_search_requests", "web_fetch_requests", "tool_search_requests"]

    private var counts = Counts()
    /// What summaries of a long context took, which the other counts leave out.
    private var compaction = Counts()
    private var webSearches: Int64?
    private var serviceTier: String?
    private var speed: String?
    private var inferenceGeo: String?
    private var otherCharges: [String] = []

    package init() {}

    /// What a whole message tells.
    package static func total(of message: JSONObject) -> Usage? {
        var usage = MessagesUsageAccumulator()
        if let counts = message["usage"] { usage.update(counts) }
        return usage.total
    }

    /// Takes the `usage` of the event that starts a stream. It counts the output before there is any, as one token, and only later events
    /// know better: a stream that breaks off before them says nothing of its output.
    package mutating func update(start usage: JSONValue) {
        update(usage)
        counts.tokens["output_tokens"] = nil
    }

    /// Takes a `usage`; its counts replace those before it.
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

    /// One request may run the model several times. The counts of the whole leave out summaries of a long context, and other models
    /// that were asked for advice (platform.claude.com/docs/en/build-with-claude/compaction).
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

    /// What is known of the prompt.
    package var prompt: Usage? { total?.promptOnly }

    /// `nil` when nothing was counted.
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

/// The counts of a `usage`, or of an iteration in one.
private struct Counts: Sendable {
    private static let names = ["input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"]

    var tokens: [String: Int64] = [:]
    /// Of `cache_creation_input_tokens`, by how long they are kept.
    var kept: [String: Int64] = [:]

    init() {}

    init(_ usage: JSONValue) {
        for name in Self.names { tokens[name] = usage[name]?.integerValue }
        for member in usage["cache_creation"]?.objectValue?.members ?? [] { kept[member.name] = member.value.integerValue }
    }

    /// What was written to the prompt cache, also where it is only told by how long it is kept.
    var written: Int64? {
        tokens["cache_creation_input_tokens"] ?? (kept.isEmpty ? nil : kept.values.reduce(0, Usage.saturatingSum))
    }

    /// Takes later counts, which replace those before them.
    mutating func update(_ later: Counts) {
        tokens.merge(later.tokens) { $1 }
        kept.merge(later.kept) { $1 }
    }

    mutating func add(_ other: Counts) {
        tokens.merge(other.tokens, uniquingKeysWith: Usage.saturatingSum)
        kept.merge(other.kept, uniquingKeysWith: Usage.saturatingSum)
    }
}
