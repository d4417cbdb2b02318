internal import Primitives
internal import WireProtocol

/// A query for usage.
struct UsageQuery: Sendable, Equatable {
    /// What rows are grouped by.
    var by: [UsageReport.Dimension]
    /// `from` is included, `to` is not.
    var from: UnixMilliseconds
    var to: UnixMilliseconds

    /// Parses `by=team,model`, and `last=7d` or `from=…&to=…` in ISO 8601; the default is the last 30 days.
    ///
    /// - Throws: `ServiceError` with 400 for an unknown parameter or an invalid value.
    init(_ parameters: [(name: String, value: String)], now: UnixMilliseconds) throws {
        func value(_ name: String) -> String? { parameters.last { $0.name == name }?.value }
        for parameter in parameters where !["by", "last", "from", "to"].contains(parameter.name) {
            throw ServiceError.invalidParameter("Unknown parameter '\(parameter.name.prefix(40))'. Valid parameters: by, last, from, to.")
        }
        by = try (value("by") ?? "").split(separator: ",").map { name in
            guard let dimension = UsageReport.Dimension(rawValue: String(name)) else {
                let known = UsageReport.Dimension.allCases.map(\.rawValue).joined(separator: ", ")
                throw ServiceError.invalidParameter(
                    "Invalid value '\(name.prefix(40))' for parameter 'by'. Valid values: \(known).", parameter: "by")
            }
            return dimension
        }
        guard Set(by).count == by.count else {
            throw ServiceError.invalidParameter("'by' names a dimension twice.", parameter: "by")
        }
        func timestamp(_ name: String) throws -> UnixMilliseconds? {
            guard let text = value(name) else { return nil }
            guard let time = ISO8601.timeOrDate(text) else {
                throw ServiceError.invalidParameter(
                    "'\(name)' must be a date such as 2027-01-31 or a time such as 2027-01-31T12:00:00Z.", parameter: name)
            }
            return time
        }
        // The current millisecond is included.
        to = try timestamp("to") ?? now + .milliseconds(1)
        if let text = value("last") {
            guard let span = Duration(configured: text), span > .zero else {
                throw ServiceError.invalidParameter("'last' must be a duration such as 24h or 7d.", parameter: "last")
            }
            from = to - span
        } else {
            from = try timestamp("from") ?? to - .seconds(30 * 86_400)
        }
    }
}
