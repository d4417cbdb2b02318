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

    init(_ report: UsageReport, by dimensions: [UsageReport.Dimension]) {
        let numeric = dimensions.count..<(dimensions.count + Self.columns.count)
        var table = TextTable(dimensions.map(\.rawValue) + Self.columns, rightAligned: Set(numeric))
        for row in report.rows {
            table.add(dimensions.map { Self.name(row.dimensions[$0.rawValue], $0) } + Self.numbers(row))
        }
        if !dimensions.isEmpty {
            table.add(["total"] + Array(repeating: "", count: dimensions.count - 1) + Self.numbers(report.total))
        }
        text = table.description
    }

    private static func name(_ value: JSONValue?, _ dimension: UsageReport.Dimension) -> String {
        switch (dimension, value) {
        case (.day, .integer(let timestamp)?):
            ISO8601.text(CivilTime(UnixMilliseconds(timestamp)).date)
        case (.hour, .integer(let timestamp)?): ISO8601.text(UnixMilliseconds(timestamp), fraction: .none)
        case (_, .string(let text)?): text
        case (_, .integer(let number)?): String(number)
        default: "–"
        }
    }

    private static func numbers(_ row: UsageReport.Row) -> [String] {
        let counts = [
            row.requests, row.errors, row.cached, row.promptTokens, row.cachedTokens, row.cacheWriteTokens, row.completionTokens,
        ]
        // Requests without a known price aren't part of the sum.
        let isUnknown = row.cost == nil && row.unpricedRequests > 0
        var cost = isUnknown ? "unknown" : String(format: "%.6f", row.cost ?? 0)
        if row.unpricedRequests > 0, !isUnknown { cost += " + unknown" }
        return counts.map { String($0) } + [cost, row.meanLatency.map { String(format: "%.1f", $0) } ?? "–"]
    }
}
