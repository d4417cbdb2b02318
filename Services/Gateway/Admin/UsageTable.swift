internal import Foundation
internal import Primitives
internal import SafeText
internal import WireProtocol

/// A usage report as a table for a terminal.
struct UsageTable {
    let text: String

    /// "cached" counts responses from the gateway's own cache. Tokens read from the providers' prompt caches and written to them
    /// are also part of "prompt".
    private static let columns = [
        "requests", "errors", "cached", "prompt", "cache read", "cache write", "completion", "USD", "mean ms",
    ]

    init(_ report: JSONValue, by dimensions: [UsageQuery.Dimension]) {
        let numeric = dimensions.count..<(dimensions.count + Self.columns.count)
        var table = TextTable(dimensions.map(\.rawValue) + Self.columns, rightAligned: Set(numeric))
        for row in report["rows"]?.arrayValue ?? [] {
            table.add(dimensions.map { Self.name(row[$0.rawValue], $0) } + Self.numbers(row))
        }
        if let total = report["total"], !dimensions.isEmpty {
            table.add(["total"] + Array(repeating: "", count: dimensions.count - 1) + Self.numbers(total))
        }
        text = table.description
    }

    private static func name(_ value: JSONValue?, _ dimension: UsageQuery.Dimension) -> String {
        switch (dimension, value) {
        case (.day, .integer(let timestamp)?):
            ISO8601.text(CivilTime(UnixMilliseconds(timestamp)).date)
        case (.hour, .integer(let timestamp)?): ISO8601.text(UnixMilliseconds(timestamp), fraction: .none)
        case (_, .string(let text)?): text
        case (_, .integer(let number)?): String(number)
        default: "–"
        }
    }

    private static func numbers(_ row: JSONValue) -> [String] {
        let names = ["requests", "errors", "cached", "prompt_tokens", "cached_tokens", "cache_write_tokens", "completion_tokens"]
        let counts = names.map { String(row[$0]?.integerValue ?? 0) }
        let unpriced = row["unpriced_requests"]?.integerValue ?? 0
        var cost = row["cost_usd"]?.doubleValue.map { String(format: "%.6f", $0) } ?? "unknown"
        // Requests without a known price aren't part of the sum.
        if unpriced > 0, cost != "unknown" { cost += " + unknown" }
        return counts + [cost, row["mean_latency_ms"]?.doubleValue.map { String(format: "%.1f", $0) } ?? "–"]
    }
}
