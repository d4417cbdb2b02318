package import Primitives

/// A minimum time since deletion, in the format of MLflow's `gc --older-than`: `30d`, `12h` or `2d8h5m20s`.
package struct Age: Sendable, Equatable {
    package let duration: Milliseconds

    /// Parses an age; `nil` for an invalid string or an age of more than 292 million years.
    package init?(_ text: String) {
        let units: [(letter: Character, milliseconds: Double)] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)]
        var rest = text[...]
        var sum = 0.0
        for unit in units {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard !digits.isEmpty, rest[digits.endIndex...].first == unit.letter else { continue }
            guard let number = Double(digits) else { return nil }
            sum += number * unit.milliseconds
            rest = rest[digits.endIndex...].dropFirst()
        }
        guard !text.isEmpty, rest.isEmpty, let milliseconds = Int64(exactly: sum.rounded()) else { return nil }
        duration = Milliseconds(milliseconds)
    }
}
