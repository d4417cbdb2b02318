internal import JSON

/// Formats values like Python's `repr`, for errors that must equal MLflow's.
package enum PythonRepr {
    /// `'text'`, or `"text"` if the string contains single quotes but no double quotes. Long strings are truncated.
    package static func quoted(_ text: String) -> String {
        let scalars = text.excerpt().unicodeScalars
        let quote: Unicode.Scalar = scalars.contains("'") && !scalars.contains("\"") ? "\"" : "'"
        var result = String(Character(quote))
        for scalar in scalars {
            switch scalar {
            case quote, "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
            default: result += escape(scalar)
            }
        }
        return result + String(Character(quote))
    }

    /// `{'a', 'b'}`, sorted: Python's own order is arbitrary.
    package static func set(_ texts: some Sequence<String>) -> String {
        "{" + joined(texts.sorted()) + "}"
    }

    /// `['a', 'b']`
    package static func list(_ texts: [String]) -> String { "[" + joined(texts) + "]" }

    private static func joined(_ texts: [String]) -> String { texts.map(quoted).joined(separator: ", ") }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (" "..."~").contains(scalar) }
        return switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            false
        default: true
        }
    }

    /// `\x1b`, `\u200b` or `\U000e0001`
    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let (prefix, width) =
            switch scalar.value {
            case ..<0x100: ("\\x", 2)
            case ..<0x10000: ("\\u", 4)
            default: ("\\U", 8)
            }
        let digits = String(scalar.value, radix: 16)
        return prefix + String(repeating: "0", count: width - digits.count) + digits
    }

    /// Parses an integer by the rules of Python's `int`, which allows surrounding whitespace, a sign, and single underscores between
    /// digits.
    package static func integer(_ text: String) -> Int64? {
        let scalars = CharacterClasses.trimmed(text).unicodeScalars
        guard scalars.first != "_", scalars.last != "_" else { return nil }
        var digits = ""
        var afterDigit = false
        for scalar in scalars {
            guard scalar == "_" else {
                digits.unicodeScalars.append(scalar)
                afterDigit = ("0"..."9").contains(scalar)
                continue
            }
            guard afterDigit else { return nil }
            afterDigit = false
        }
        return Int64(digits)
    }
}
