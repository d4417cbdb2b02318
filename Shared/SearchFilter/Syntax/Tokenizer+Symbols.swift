/// Numbers, arithmetic operators and placeholders.
extension Tokenizer {
    /// A number with its sign. Digits followed by a letter are a word, or a shorter number and a word.
    mutating func number() -> Token.Kind? {
        let start = source[position] == UInt8(ascii: "-") ? position + 1 : position
        if source[start] == UInt8(ascii: "0"), source[start + 1] | 0x20 == UInt8(ascii: "x"),
            CharacterClasses.isHexadecimalDigit(source[start + 2])
        {
            position = start + 2
            while CharacterClasses.isHexadecimalDigit(source[position]) { position += 1 }
            return .other
        }
        let whole = digitsEnd(from: start)
        if whole > start, let end = exponentEnd(from: whole) {
            position = end
            return .float
        }
        if source[whole] == UInt8(ascii: ".") {
            let fraction = digitsEnd(from: whole + 1)
            // If a letter follows, the last digit belongs to the next token.
            let end = isWordStart(at: fraction) ? fraction - 1 : fraction
            if end > (whole > start ? whole : whole + 1) {
                position = end
                return .float
            }
        }
        let end = isWordStart(at: whole) ? whole - 1 : whole
        guard end > start else { return nil }
        position = end
        return .integer
    }

    /// The end of an exponent after the digits that end at `whole` and an optional fraction; `nil` if there is none.
    private func exponentEnd(from whole: Int) -> Int? {
        var mantissaEnd = whole
        if source[whole] == UInt8(ascii: ".") {
            let fraction = digitsEnd(from: whole + 1)
            if fraction > whole + 1 { mantissaEnd = fraction }
        }
        guard source[mantissaEnd] | 0x20 == UInt8(ascii: "e") else { return nil }
        let digits = source[mantissaEnd + 1] == UInt8(ascii: "-") ? mantissaEnd + 2 : mantissaEnd + 1
        let end = digitsEnd(from: digits)
        return end > digits ? end : nil
    }

    private func digitsEnd(from start: Int) -> Int {
        var end = start
        while CharacterClasses.isDigit(source[end]) { end += 1 }
        return end
    }

    private func isWordStart(at position: Int) -> Bool {
        guard position < source.count else { return false }
        return source[position] == UInt8(ascii: "_") || CharacterClasses.isNameStart(source.character(at: position).scalar)
    }

    /// `-`, `->`, `->>`
    mutating func minus() -> Token.Kind {
        guard source[position + 1] == UInt8(ascii: ">") else { return take(1, as: .arithmetic) }
        return take(source[position + 2] == UInt8(ascii: ">") ? 3 : 2, as: .member)
    }

    /// A run of arithmetic operators, or one of SQL's JSON operators `#>`, `#>>`, `#-`, `@>`.
    mutating func arithmetic() -> Token.Kind {
        switch (source[position], source[position + 1]) {
        case (UInt8(ascii: "#"), UInt8(ascii: ">")):
            return take(source[position + 2] == UInt8(ascii: ">") ? 3 : 2, as: .arithmetic)
        case (UInt8(ascii: "#"), UInt8(ascii: "-")), (UInt8(ascii: "@"), UInt8(ascii: ">")):
            return take(2, as: .arithmetic)
        default:
            position = source.end(of: "+/@#%^&|-", from: position)
            return .arithmetic
        }
    }

    /// `@name`, `#name`, `##name`, each with at least two characters.
    mutating func variable() -> Token.Kind? {
        let isDouble = source[position] == UInt8(ascii: "#") && source[position + 1] == UInt8(ascii: "#")
        let start = position + (isDouble ? 2 : 1)
        guard start < source.count else { return nil }
        let (scalar, second) = source.character(at: start)
        guard CharacterClasses.isNameStart(scalar), source.isWord(at: second) else { return nil }
        position = source.wordEnd(from: second)
        return .name
    }

    /// `%s`, `%(name)s`
    mutating func percentPlaceholder() -> Token.Kind? {
        var end = position + 1
        if source[end] == UInt8(ascii: "(") {
            end = source.wordEnd(from: end + 1)
            guard end > position + 2, source[end] == UInt8(ascii: ")") else { return nil }
            end += 1
        }
        guard source[end] | 0x20 == UInt8(ascii: "s") else { return nil }
        position = end + 1
        return .placeholder
    }

    mutating func colon() -> Token.Kind {
        switch source[position + 1] {
        case UInt8(ascii: "="): take(2, as: .other)
        case UInt8(ascii: ":"): take(2, as: .cast)
        default: namedPlaceholder() ?? take(1, as: .other)
        }
    }

    /// `:name`, `$name`, unless a word precedes it.
    mutating func namedPlaceholder() -> Token.Kind? {
        guard source.isWord(at: position + 1), !source.isWord(before: position) else { return nil }
        position = source.wordEnd(from: position + 1)
        return .placeholder
    }
}
