internal import Foundation
internal import WireProtocol

/// A query for usage.
struct UsageQuery: Sendable, Equatable {
    /// What rows are grouped by.
    enum Dimension: String, Sendable, CaseIterable {
        case team, key, route, provider, model, status, day, hour
    }

    var by: [Dimension]
    /// Milliseconds since 1970; `from` is included, `to` is not.
    var from: Int64
    var to: Int64

    /// Parses `by=team,model`, and `last=7d` or `from=…&to=…` in ISO 8601; the default is the last 30 days.
    ///
    /// - Throws: `ServiceError` with 400 for an unknown parameter or an invalid value.
    init(_ parameters: [(name: String, value: String)], now: Int64) throws {
        func value(_ name: String) -> String? { parameters.last { $0.name == name }?.value }
        for parameter in parameters where !["by", "last", "from", "to"].contains(parameter.name) {
            throw ServiceError.invalidParameter("Unknown parameter '\(parameter.name.prefix(40))'. Valid parameters: by, last, from, to.")
        }
        by = try (value("by") ?? "").split(separator: ",").map { name in
            guard let dimension = Dimension(rawValue: String(name)) else {
                let known = Dimension.allCases.map(\.rawValue).joined(separator: ", ")
                throw ServiceError.invalidParameter(
                    "Invalid value '\(name.prefix(40))' for parameter 'by'. Valid values: \(known).", parameter: "by")
            }
            return dimension
        }
        func timestamp(_ name: String) throws -> Int64? {
            guard let text = value(name) else { return nil }
            let formats: [Date.ISO8601FormatStyle] = [
                Date.ISO8601FormatStyle(timeZone: .gmt), Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day(),
            ]
            guard let date = formats.lazy.compactMap({ try? $0.parse(text) }).first else {
                throw ServiceError.invalidParameter(
                    "'\(name)' must be a date such as 2027-01-31 or a time such as 2027-01-31T12:00:00Z.", parameter: name)
            }
            return Int64(date.timeIntervalSince1970 * 1000)
        }
        // The current millisecond is included.
        to = try timestamp("to") ?? now + 1
        if let text = value("last") {
            guard let span = Duration(configured: text), span > .zero else {
                throw ServiceError.invalidParameter("'last' must be a duration such as 24h or 7d.", parameter: "last")
            }
            from = to - span.components.seconds * 1000
        } else {
            from = try timestamp("from") ?? to - 30 * 86_400_000
        }
    }
}
