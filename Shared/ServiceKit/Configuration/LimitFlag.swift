internal import WireProtocol

/// Reads numeric limits from flags and environment variables.
package enum LimitFlag {
    /// The value of a flag, of its environment variable (`UNLADEN_MAX_X` for `max-x`), or the default, in this order.
    ///
    /// - Throws: `ConfigurationError` unless the value is a number within `range`.
    package static func value(
        _ name: String, _ flag: Int?, _ range: ClosedRange<Int>, default standard: Int
    ) throws -> Int {
        let variable = "UNLADEN_" + name.uppercased().replacing("-", with: "_")
        if let flag {
            guard range.contains(flag) else { throw rejected("--\(name)", range, "\(flag)") }
            return flag
        }
        guard let text = Environment[variable] else { return standard }
        guard let value = Int(text), range.contains(value) else { throw rejected(variable, range, "'\(text.excerpt())'") }
        return value
    }

    private static func rejected(_ name: String, _ range: ClosedRange<Int>, _ value: String) -> ConfigurationError {
        ConfigurationError("\(name) must be a number between \(range.lowerBound) and \(range.upperBound), not \(value).")
    }
}
