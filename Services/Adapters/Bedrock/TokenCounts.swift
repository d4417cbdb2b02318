internal import AdapterKit
internal import JSON

/// The token counts of a response, or accumulated from the events of a stream. Bedrock has several sets of names for them.
struct TokenCounts: Sendable {
    /// The input tokens except those read from or written to the cache, which are part of the prompt but counted separately.
    private var input: Int64?
    private var output: Int64?
    private var cacheRead: Int64?
    private var cacheWrite: Int64?
    /// The part of `cacheWrite` with a cache lifetime of one hour.
    private var cacheWrite1h: Int64?
    private var serviceTier: String?

    init(input: Int64? = nil, output: Int64? = nil) {
        self.input = input
        self.output = output
    }

    /// The `usage` of Converse and the tier that served the request, from a complete response or a stream's metadata.
    init?(converse response: JSONObject) {
        guard let usage = response["usage"] else { return nil }
        self.init(usage, "inputTokens", "outputTokens", "cacheReadInputTokens", "cacheWriteInputTokens")
        for detail in usage["cacheDetails"]?.arrayValue ?? [] where detail["ttl"] == "1h" {
            cacheWrite1h = Usage.saturatingSum(cacheWrite1h ?? 0, detail["inputTokens"]?.integerValue ?? 0)
        }
        serviceTier = response["serviceTier"]?["type"]?.stringValue
    }

    /// The `usage` of Anthropic's Messages API.
    init(message usage: JSONValue) {
        self.init(usage, "input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
        cacheWrite1h = usage["cache_creation"]?["ephemeral_1h_input_tokens"]?.integerValue
    }

    /// The `amazon-bedrock-invocationMetrics` in the last event of an InvokeModel stream.
    init(metrics: JSONValue) {
        self.init(metrics, "inputTokenCount", "outputTokenCount", "cacheReadInputTokenCount", "cacheWriteInputTokenCount")
    }

    /// The headers of an InvokeModel response.
    init(headers: [HTTPHeader]) {
        let counts = JSONObject(
            headers.filter { $0.name.hasPrefix(Self.header) }.map { header in
                .init(name: String(header.name.dropFirst(Self.header.count)), value: .string(header.value))
            })
        self.init(
            .object(counts), "input-token-count", "output-token-count", "cache-read-input-token-count",
            "cache-write-input-token-count")
        serviceTier = counts["service-tier"]?.stringValue
    }

    private static let header = "x-amzn-bedrock-"

    private init(_ counts: JSONValue, _ input: String, _ output: String, _ cacheRead: String, _ cacheWrite: String) {
        self.input = counts[input]?.integerValue
        self.output = counts[output]?.integerValue
        self.cacheRead = counts[cacheRead]?.integerValue
        self.cacheWrite = counts[cacheWrite]?.integerValue
    }

    /// The counts without the output.
    var promptOnly: TokenCounts {
        var counts = self
        counts.output = nil
        return counts
    }

    /// Replaces counts by later ones.
    mutating func update(_ later: TokenCounts) {
        input = later.input ?? input
        output = later.output ?? output
        cacheRead = later.cacheRead ?? cacheRead
        cacheWrite = later.cacheWrite ?? cacheWrite
        cacheWrite1h = later.cacheWrite1h ?? cacheWrite1h
        serviceTier = later.serviceTier ?? serviceTier
    }

    /// The usage; `nil` when nothing was counted.
    var usage: Usage? {
        guard input ?? output != nil else { return nil }
        let prompt = input.map { Usage.saturatingSum(Usage.saturatingSum($0, cacheRead ?? 0), cacheWrite ?? 0) }
        return Usage(
            prompt: prompt, completion: output, cached: cacheRead, cacheWrite: cacheWrite, cacheWrite1h: cacheWrite1h,
            serviceTier: serviceTier)
    }
}
