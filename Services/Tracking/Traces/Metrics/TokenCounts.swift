internal import WireProtocol

/// The token counts of a trace as integers that can be summed; `nil` where unknown.
struct TokenCounts: Sendable, Equatable {
    var input: Int64?
    var output: Int64?
    var total: Int64?
    var cacheRead: Int64?
    var cacheCreation: Int64?

    /// Reads the metadata `mlflow.trace.tokenUsage`, a JSON object of amounts. Any other value yields no counts.
    init(metadata text: String) {
        let usage = text.utf8.count <= Self.maximumBytes ? try? JSONValue(parsing: text) : nil
        input = Self.count(usage?["input_tokens"])
        output = Self.count(usage?["output_tokens"])
        total = Self.count(usage?["total_tokens"])
        cacheRead = Self.count(usage?["cache_read_input_tokens"])
        cacheCreation = Self.count(usage?["cache_creation_input_tokens"])
    }

    /// A longer value isn't a set of counts.
    private static let maximumBytes = 8192

    private static func count(_ value: JSONValue?) -> Int64? {
        switch value {
        case .integer(let count)?: count
        case .number(let count)?: Int64(exactly: count)
        case .string(let text)?: Int64(text) ?? Double(text).flatMap { Int64(exactly: $0) }
        default: nil
        }
    }
}
