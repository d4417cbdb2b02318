internal import JSON

/// Parses the list of strings after `IN`. It is a Python literal: quotes inside a string are escaped with a backslash, not doubled, and
/// adjacent strings are concatenated.
struct ListLiteralParser {
    /// The maximum nesting depth of parentheses. (``BracketPairs`` can't check it, because strings end elsewhere in SQL.)
    private static let maximumDepth = 200

    private let source: Source
    private let end: Int
    private var position: Int

    /// Parses the strings of the list at `span`, which begins and ends with a parenthesis.
    static func strings(in source: Source, _ span: Range<Int>) throws(FilterError) -> [String] {
        var parser = ListLiteralParser(source: source, end: span.upperBound, position: span.lowerBound)
        guard let value = parser.tuple() else {
            throw FilterError(
                """
                While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list.
                """)
        }
        let items = value.items
        guard !items.isEmpty else {
            throw FilterError(
                """
                While parsing a list in the query, expected a non-empty list of string values, but got empty list
                """)
        }
        var strings: [String] = []
        for item in items {
            guard case .string(let string) = item else {
                throw FilterError(
                    """
                    While parsing a list in the query, expected string value, punctuation, or whitespace, \
                    but got different type in list: \(PythonValue.tuple(items).printed)
                    """)
            }
            strings.append(string)
        }
        return strings
    }

    /// Parses `(…)`: a tuple if it is empty or contains a comma, otherwise its only value.
    private mutating func tuple(depth: Int = 0) -> PythonValue? {
        guard depth < Self.maximumDepth, take("(") else { return nil }
        var items: [PythonValue] = []
        var isTuple = false
        while !take(")") {
            guard items.isEmpty || isTuple, let item = value(depth: depth) else { return nil }
            items.append(item)
            if take(",") {
                isTuple = true
            } else {
                guard take(")") else { return nil }
                break
            }
        }
        if !isTuple, let only = items.first { return only }
        return .tuple(items)
    }

    private mutating func value(depth: Int) -> PythonValue? {
        skipSpace()
        switch source[position] {
        case UInt8(ascii: "("): return tuple(depth: depth + 1)
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            var text: String?
            while let next = string() {
                if text == nil { text = next } else { text?.append(next) }
                skipSpace()
            }
            return text.map { .string($0) }
        default: return word()
        }
    }

    /// Parses a number, or one of Python's constants `None`, `True` and `False`.
    private mutating func word() -> PythonValue? {
        let start = position
        while position < end, CharacterClasses.isASCIIWord(source[position]) || "+-.".utf8.contains(source[position]) {
            position += 1
        }
        let text = source.text(start..<position)
        if ["None", "True", "False"].contains(text) { return .other(text) }
        guard let first = text.utf8.last, CharacterClasses.isDigit(first) || first == UInt8(ascii: ".") else { return nil }
        if let integer = Int64(text) { return .other(String(integer)) }
        return Double(text).map { .other($0.description) }
    }

    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < end, source[position] == UInt8(ascii: sign) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < end, [0x09, 0x0A, 0x0C, 0x0D, 0x20].contains(source[position]) { position += 1 }
    }

    /// Parses a quoted string; returns `nil` if none follows or it is incomplete.
    private mutating func string() -> String? {
        let quote = source[position]
        guard position < end, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
        var text: [UInt8] = []
        position += 1
        while position < end, source[position] != quote {
            let byte = source[position]
            guard byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") else { return nil }
            position += 1
            if byte == UInt8(ascii: "\\") {
                guard let escaped = escape() else { return nil }
                text += escaped
            } else {
                text.append(byte)
            }
        }
        guard position < end else { return nil }
        position += 1
        return String(decoding: text, as: UTF8.self)
    }

    /// Parses an escape sequence after its backslash. An unknown one represents itself.
    private mutating func escape() -> [UInt8]? {
        let letter = source[position]
        position += 1
        switch letter {
        case UInt8(ascii: "\n"): return []
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): return [letter]
        case UInt8(ascii: "a"): return [0x07]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "v"): return [0x0B]
        case UInt8(ascii: "x"): return codePoint(digits: 2...2, radix: 16)
        case UInt8(ascii: "u"): return codePoint(digits: 4...4, radix: 16)
        case UInt8(ascii: "U"): return codePoint(digits: 8...8, radix: 16)
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            position -= 1
            return codePoint(digits: 1...3, radix: 8)
        default: return [UInt8(ascii: "\\"), letter]
        }
    }

    private mutating func codePoint(digits: ClosedRange<Int>, radix: UInt32) -> [UInt8]? {
        var value: UInt32 = 0
        var count = 0
        while count < digits.upperBound, position < end,
            let digit = Character(Unicode.Scalar(source[position])).hexDigitValue, digit < radix
        {
            value = value &* radix &+ UInt32(truncatingIfNeeded: digit)
            position += 1
            count += 1
        }
        guard digits.contains(count), let scalar = Unicode.Scalar(value) else { return nil }
        return Array(String(Character(scalar)).utf8)
    }
}

/// A Python value in a list.
private enum PythonValue {
    case string(String)
    case tuple([PythonValue])
    /// Any other value, as Python prints it.
    case other(String)

    /// The elements of a tuple; for any other value, the value itself.
    var items: [PythonValue] {
        if case .tuple(let items) = self { items } else { [self] }
    }

    var printed: String {
        switch self {
        case .string(let text): PythonRepr.quoted(text)
        case .tuple(let items) where items.count == 1: "(\(items[0].printed),)"
        case .tuple(let items): "(\(items.map(\.printed).joined(separator: ", ")))"
        case .other(let text): text
        }
    }
}
