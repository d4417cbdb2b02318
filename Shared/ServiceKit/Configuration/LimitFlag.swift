internal import WireProtocol

/// Reads limits from flags and the environment.
package enum LimitFlag {
    /// The value of a flag, of its environment variable (`max-x` has `UNLADEN_MAX_X`), or the default.
    ///
    /// - Throws: `ConfigurationError` for anything that isn't a number within `range`.
    package static func value(
        _ name: String, _ flag: Int?, _ range: ClosedRange<Int>, default standard: Int
    ) throws -> Int {
        let variable = "UNLADEN_" + name.uppercased().replacing("-", with: "_")
        if let flag {
            guard range.contains(flag) else { throw refused("--\(name)", range, "\(flag)") }
            return flag
        }
        guard let text = Environment[variable] else { return standard }
        guard let value = Int(text), range.contains(value) else { throw refused(variable, range, "'\(text.excerpt())'") }
        return value
    }

    private static func refused(_ name: String, _ range: ClosedRange<Int>, _ value: String) -> ConfigurationError {
        ConfigurationError("\(name) must be a number between \(range.lowerBound) and \(range.upperBound), not \(value)")
    }
}
