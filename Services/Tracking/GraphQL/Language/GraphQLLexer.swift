internal import Primitives
internal import WireProtocol

/// Splits a document into tokens.
struct GraphQLLexer {
    private let bytes: [UInt8]
    private var offset = 0
    private var line = 1
    private var lineStart = 0
    private var tokensLeft: Int

    /// - Parameter maximumTokens: the maximum number of tokens; a document with more is rejected.
    init(_ document: String, maximumTokens: Int) {
        bytes = Array(document.utf8)
        tokensLeft = maximumTokens
    }

    mutating func next() throws(GraphQLError) -> GraphQLToken {
        skipIgnored()
        let position = position
        guard let byte = peek() else { return GraphQLToken(kind: .end, position: position) }
        guard tokensLeft > 0 else { throw GraphQLError("The query has too many tokens.") }
        tokensLeft -= 1
        let kind: GraphQLToken.Kind =
            switch byte {
            case _ where byte.isNameStart: .name(name())
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number(at: position)
            case UInt8(ascii: "\""): try string(at: position)
            case UInt8(ascii: "."): try spread(at: position)
            default: try punctuator(byte, at: position)
            }
        return GraphQLToken(kind: kind, position: position)
    }

    private var position: GraphQLPosition { GraphQLPosition(line: line, column: offset - lineStart + 1) }

    private func peek(_ distance: Int = 0) -> UInt8? {
        let index = offset + distance
        return index < bytes.count ? bytes[index] : nil
    }

    private func startsWith(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[offset...].starts(with: $0) }
    }

    // MARK: Whitespace

    /// Skips whitespace, commas, comments and byte order marks.
    private mutating func skipIgnored() {
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): skipLineEnd()
            case UInt8(ascii: "#"):
                while let byte = peek(), !byte.isLineEnd { offset += 1 }
            case 0xEF where startsWith("\u{FEFF}"): offset += 3
            default: return
            }
        }
    }

    private mutating func skipLineEnd() {
        offset += peek() == UInt8(ascii: "\r") && peek(1) == UInt8(ascii: "\n") ? 2 : 1
        line += 1
        lineStart = offset
    }

    // MARK: Tokens

    private mutating func name() -> String {
        let start = offset
        while let byte = peek(), byte.isNameContinue { offset += 1 }
        return text(from: start)
    }

    private func text(from start: Int) -> String { String(decoding: bytes[start..<offset], as: UTF8.self) }

    private mutating func spread(at position: GraphQLPosition) throws(GraphQLError) -> GraphQLToken.Kind {
        guard startsWith("...") else { throw .syntax("Unexpected '.'", at: position) }
        offset += 3
        return .punctuator(.spread)
    }

    private mutating func punctuator(_ byte: UInt8, at position: GraphQLPosition) throws(GraphQLError) -> GraphQLToken.Kind {
        guard let punctuator = GraphQLPunctuator(byte) else {
            // The character may consist of several bytes.
            let character = String(decoding: bytes[offset...].prefix(4), as: UTF8.self).unicodeScalars.first.map { String($0) } ?? ""
            throw .syntax("Unexpected character '\(character)'", at: position)
        }
        offset += 1
        return .punctuator(punctuator)
    }

    private mutating func number(at position: GraphQLPosition) throws(GraphQLError) -> GraphQLToken.Kind {
        let start = offset
        var isFloat = false
        if peek() == UInt8(ascii: "-") { offset += 1 }
        if peek() == UInt8(ascii: "0") {
            offset += 1
            if let next = peek(), next.isDigit { throw .syntax("A number can't begin with 0", at: position) }
        } else {
            try digits(at: position)
        }
        if peek() == UInt8(ascii: ".") {
            isFloat = true
            offset += 1
            try digits(at: position)
        }
        if let byte = peek(), byte | 0x20 == UInt8(ascii: "e") {
            isFloat = true
            offset += 1
            if let sign = peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { offset += 1 }
            try digits(at: position)
        }
        if let next = peek(), next.isNameStart || next == UInt8(ascii: ".") {
            throw .syntax("A letter or a dot can't follow a number", at: position)
        }
        return isFloat ? .float(text(from: start)) : .int(text(from: start))
    }

    /// Skips one or more digits.
    private mutating func digits(at position: GraphQLPosition) throws(GraphQLError) {
        guard let first = peek(), first.isDigit else { throw .syntax("A number is missing a digit", at: position) }
        while let byte = peek(), byte.isDigit { offset += 1 }
    }

    // MARK: Strings

    private mutating func string(at position: GraphQLPosition) throws(GraphQLError) -> GraphQLToken.Kind {
        if startsWith("\"\"\"") { return .string(try blockString(at: position)) }
        offset += 1
        var content: [UInt8] = []
        while let byte = peek(), !byte.isLineEnd {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return .string(String(decoding: content, as: UTF8.self))
            case UInt8(ascii: "\\"): content += try escape(at: position)
            case 0..<0x20 where byte != UInt8(ascii: "\t"): throw .syntax("A string contains a control character", at: position)
            default: content.append(byte)
            }
        }
        throw .syntax("Unterminated string", at: position)
    }

    private mutating func blockString(at position: GraphQLPosition) throws(GraphQLError) -> String {
        offset += 3
        var lines: [[UInt8]] = [[]]
        while let byte = peek() {
            if startsWith("\"\"\"") {
                offset += 3
                return GraphQLBlockString.text(ofLines: lines)
            }
            if startsWith("\\\"\"\"") {
                lines[lines.count - 1] += Array("\"\"\"".utf8)
                offset += 4
            } else if byte.isLineEnd {
                skipLineEnd()
                lines.append([])
            } else {
                lines[lines.count - 1].append(byte)
                offset += 1
            }
        }
        throw .syntax("Unterminated string", at: position)
    }

    /// Decodes the escape sequence after a backslash.
    private mutating func escape(at position: GraphQLPosition) throws(GraphQLError) -> [UInt8] {
        guard let byte = peek() else { throw .syntax("Unterminated string", at: position) }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(try unicodeEscape(at: position)).utf8)
        default: throw .syntax("Invalid escape sequence in a string", at: position)
        }
    }

    /// Decodes the escape sequence after `\u`: four digits, two surrogates of four digits each, or digits in braces.
    private mutating func unicodeEscape(at position: GraphQLPosition) throws(GraphQLError) -> Unicode.Scalar {
        var code: UInt32
        if peek() == UInt8(ascii: "{") {
            offset += 1
            let digits = bytes[offset...].prefix(9).prefix { $0 != UInt8(ascii: "}") }
            guard digits.count <= 8, let value = hex(digits) else { throw .syntax("Invalid Unicode escape sequence", at: position) }
            offset += digits.count + 1
            code = value
        } else {
            code = try fourHexDigits(at: position)
            if (0xD800..<0xDC00).contains(code), startsWith("\\u") {
                offset += 2
                let low = try fourHexDigits(at: position)
                guard (0xDC00..<0xE000).contains(low) else { throw .syntax("Invalid Unicode escape sequence", at: position) }
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
            }
        }
        guard let scalar = Unicode.Scalar(code) else { throw .syntax("Invalid Unicode escape sequence", at: position) }
        return scalar
    }

    private mutating func fourHexDigits(at position: GraphQLPosition) throws(GraphQLError) -> UInt32 {
        let digits = bytes[offset...].prefix(4)
        guard digits.count == 4, let value = hex(digits) else { throw .syntax("Invalid Unicode escape sequence", at: position) }
        offset += 4
        return value
    }

    private func hex(_ digits: ArraySlice<UInt8>) -> UInt32? {
        Hex.number(digits).flatMap(UInt32.init(exactly:))
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    fileprivate var isNameStart: Bool {
        self == UInt8(ascii: "_") || (self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z"))
    }
    fileprivate var isNameContinue: Bool { isNameStart || isDigit }
    fileprivate var isLineEnd: Bool { self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }
}
