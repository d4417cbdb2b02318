/// Splits a filter into the same tokens as MLflow's tokenizer.
///
/// That tokenizer is made for SQL, which explains rules that a language of comparisons doesn't need. They are kept because the tokens
/// affect which filters are accepted (`metrics.12abc` isn't a name) and the text of errors. Every byte is read a bounded number of times.
struct Tokenizer {
    /// The maximum number of tokens, counting each whitespace character as one; the same as MLflow's.
    static let maximumTokens = 10_000

    let source: Source
    var position = 0
    /// Whether the rest is known not to contain `*/`, so that it isn't searched again.
    private var commentsAreOpen = false

    private init(_ source: Source) { self.source = source }

    /// The tokens of a filter, without whitespace.
    static func tokens(of source: Source) throws(SyntaxError) -> [Token] {
        var tokenizer = Tokenizer(source)
        var tokens: [Token] = []
        tokens.reserveCapacity(min(source.count / 3 + 1, maximumTokens))
        var count = 0
        while tokenizer.position < source.count {
            count += 1
            guard count <= maximumTokens else { throw .tooLong }
            let start = tokenizer.position
            if let kind = tokenizer.next() { tokens.append(Token(kind: kind, span: start..<tokenizer.position)) }
        }
        return tokens
    }

    /// Consumes the next token and returns its kind, or consumes a whitespace character and returns `nil`.
    private mutating func next() -> Token.Kind? {
        switch source[position] {
        case UInt8(ascii: "\r") where source[position + 1] == UInt8(ascii: "\n"):
            position += 2
            return nil
        case 0x09...0x0D, 0x1C...0x20:
            position += 1
            return nil
        case UInt8(ascii: "'"): return quoted(as: .text, escapes: true)
        case UInt8(ascii: "\""): return quoted(as: .symbol, escapes: true)
        case UInt8(ascii: "`"): return quoted(as: .name, escapes: false)
        case UInt8(ascii: "."): return number() ?? take(1, as: .member)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return number() ?? word()
        case UInt8(ascii: "-"): return comment() ?? number() ?? minus()
        case UInt8(ascii: "/"): return comment() ?? arithmetic()
        case UInt8(ascii: "#"): return comment() ?? variable() ?? arithmetic()
        case UInt8(ascii: "@"): return variable() ?? arithmetic()
        case UInt8(ascii: "%"): return percentPlaceholder() ?? arithmetic()
        case UInt8(ascii: "+"), UInt8(ascii: "^"), UInt8(ascii: "&"), UInt8(ascii: "|"): return arithmetic()
        case UInt8(ascii: "<") where source[position + 1] == UInt8(ascii: "@"): return take(2, as: .arithmetic)
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: "~"), UInt8(ascii: "!"):
            position = source.end(of: "<>=~!", from: position)
            return .comparison
        case UInt8(ascii: "*"): return take(1, as: .wildcard)
        case UInt8(ascii: "?"): return take(1, as: .placeholder)
        case UInt8(ascii: ":"): return colon()
        case UInt8(ascii: "$"): return namedPlaceholder() ?? take(1, as: .other)
        case UInt8(ascii: ","): return take(1, as: .comma)
        case UInt8(ascii: ";"): return take(1, as: .semicolon)
        case UInt8(ascii: "("): return take(1, as: .openParenthesis)
        case UInt8(ascii: ")"): return take(1, as: .closeParenthesis)
        case UInt8(ascii: "["): return bracketedName() ?? take(1, as: .openBracket)
        case UInt8(ascii: "]"): return take(1, as: .closeBracket)
        case UInt8(ascii: "\\"):
            position = source.wordEnd(from: position + 1)
            return .other
        default:
            return wordOrOther()
        }
    }

    mutating func take(_ length: Int, as kind: Token.Kind) -> Token.Kind {
        position += length
        return kind
    }

    private mutating func wordOrOther() -> Token.Kind? {
        let (scalar, end) = source.character(at: position)
        if CharacterClasses.isWord(scalar) { return word() }
        position = end
        return CharacterClasses.isSpace(scalar) ? nil : .other
    }

    /// Text between two equal quotes. A doubled quote doesn't end it, nor does one after a backslash if `escapes`, unless the text would
    /// then never end: `'C:\'` is complete if no other quote follows.
    private mutating func quoted(as kind: Token.Kind, escapes: Bool) -> Token.Kind {
        let quote = source[position]
        var end = position + 1
        var lastChance: Int?
        while end < source.count {
            let byte = source[end]
            if byte == quote {
                guard source[end + 1] == quote else {
                    position = end + 1
                    return kind
                }
                lastChance = end + 1
                end += 2
            } else if escapes, byte == UInt8(ascii: "\\"), source[end + 1] == quote {
                lastChance = end + 2
                end += 2
            } else {
                end += 1
            }
        }
        guard let lastChance else { return take(1, as: .other) }
        position = lastChance
        return kind
    }

    /// `[name]`, unless it could be the index of the preceding token.
    private mutating func bracketedName() -> Token.Kind? {
        let before = source[position - 1]
        guard before != UInt8(ascii: "]"), before != UInt8(ascii: ")"), !source.isWord(before: position) else {
            return nil
        }
        var end = position + 1
        while end < source.count, source[end] != UInt8(ascii: "["), source[end] != UInt8(ascii: "]") { end += 1 }
        guard end > position + 1, source[end] == UInt8(ascii: "]") else { return nil }
        position = end + 1
        return .name
    }

    private func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

    /// `-- …` and `# …` up to the end of the line, `/* … */`.
    private mutating func comment() -> Token.Kind? {
        switch (source[position], source[position + 1]) {
        case (UInt8(ascii: "-"), UInt8(ascii: "-")), (UInt8(ascii: "#"), UInt8(ascii: " ")):
            while position < source.count, !isLineEnd(source[position]) { position += 1 }
            if source[position] == UInt8(ascii: "\r"), source[position + 1] == UInt8(ascii: "\n") { position += 1 }
            return take(position < source.count ? 1 : 0, as: .other)
        case (UInt8(ascii: "/"), UInt8(ascii: "*")) where !commentsAreOpen:
            var end = position + 2
            while end + 1 < source.count {
                if source[end] == UInt8(ascii: "*"), source[end + 1] == UInt8(ascii: "/") {
                    position = end + 2
                    return .other
                }
                end += 1
            }
            commentsAreOpen = true
            return nil
        default:
            return nil
        }
    }
}
