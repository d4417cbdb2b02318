/// Searches a text and what remains after unescaping it, layer by layer, because a secret may appear in any layer.
///
/// A provider quotes a request in a URL, in JSON or on a page, and an error often quotes another: `a/b` becomes `a%2fb`, `a\/b`,
/// `a\u002fb`, `a&#x2F;b`, and `a%252Fb`.
enum EscapeLayers {
    /// The maximum number of unescaped layers, more than errors have in practice.
    private static let maxDepth = 4
    /// The number of bytes to search at a time, which limits the memory for the positions of a large text.
    private static let chunkSize = 64 << 10

    /// Searches each layer of a text.
    ///
    /// - Parameters:
    ///   - overlap: the maximum length of a match in bytes; longer texts are searched in chunks that overlap by as many.
    ///   - find: finds ranges of the given bytes.
    /// - Returns: the ranges of the original text, in order, neither overlapping nor touching.
    static func ranges(in bytes: [UInt8], overlap: Int, find: ([UInt8]) -> [Range<Int>]) -> [Range<Int>] {
        let length = max(chunkSize, overlap)
        guard bytes.count > length + overlap else { return merged(found(in: bytes, find)) }
        var ranges: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            let end = min(start + length + overlap, bytes.count)
            ranges += found(in: Array(bytes[start..<end]), find).map { start + $0.lowerBound..<start + $0.upperBound }
            if end == bytes.count { break }
            start = boundary(before: start + length, in: bytes)
        }
        return merged(ranges)
    }

    /// An offset that doesn't split an escape sequence. Examines up to 64 bytes.
    private static func boundary(before offset: Int, in bytes: [UInt8]) -> Int {
        var start = offset
        while start > offset - 64, "\\%&#;".utf8.contains(bytes[start - 1]) { start -= 1 }
        return start
    }

    private static func found(in bytes: [UInt8], _ find: ([UInt8]) -> [Range<Int>]) -> [Range<Int>] {
        var ranges = find(bytes)
        var layer = Unescaped(bytes)
        for _ in 0..<maxDepth {
            guard let current = layer else { break }
            ranges += find(current.bytes).map { Int(current.origins[$0.lowerBound])..<Int(current.origins[$0.upperBound]) }
            layer = current.next
        }
        return ranges
    }

    private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var merged: [Range<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }

    /// Replaces each of the ranges with a string.
    static func replacing(_ ranges: [Range<Int>], in bytes: [UInt8], with text: String) -> [UInt8] {
        var replaced: [UInt8] = []
        replaced.reserveCapacity(bytes.count)
        var copied = 0
        for range in ranges {
            replaced += bytes[copied..<range.lowerBound]
            replaced += text.utf8
            copied = range.upperBound
        }
        return replaced + bytes[copied...]
    }
}

/// Text with one layer of escapes removed, and the position of each byte in the original text.
struct Unescaped {
    private(set) var bytes: [UInt8]
    /// The start of each byte in the original text, and the end of the last one.
    private(set) var origins: [Int32]

    /// Returns `nil` for text without escapes.
    init?(_ text: [UInt8]) {
        self.init(text, from: { Int32($0) })
    }

    /// The next layer, with positions in the same original text.
    var next: Unescaped? { Unescaped(bytes) { origins[$0] } }

    private init?(_ text: [UInt8], from origin: (Int) -> Int32) {
        guard let first = text.firstIndex(where: EscapeSequence.mayBegin) else { return nil }
        bytes = Array(text[..<first])
        origins = (0..<first).map(origin)
        bytes.reserveCapacity(text.count)
        origins.reserveCapacity(text.count + 1)
        var isChanged = false
        var index = first
        while index < text.count {
            switch EscapeSequence(in: text, at: index) {
            case nil:
                bytes.append(text[index])
                origins.append(origin(index))
                index += 1
            case .character(let scalar, let length)?:
                isChanged = true
                for byte in String(scalar).utf8 {
                    bytes.append(byte)
                    origins.append(origin(index))
                }
                index += length
            case .byte(let byte, let length)?:
                isChanged = true
                bytes.append(byte)
                origins.append(origin(index))
                index += length
            case .incomplete?:
                // The text is truncated within an escape sequence.
                isChanged = true
                origins.append(origin(text.count))
                return
            }
        }
        guard isChanged else { return nil }
        origins.append(origin(text.count))
    }
}

/// An escaped character: percent-encoded (RFC 3986), escaped as in JSON, Python or JavaScript, or an HTML entity.
enum EscapeSequence {
    case byte(UInt8, length: Int)
    case character(Unicode.Scalar, length: Int)
    /// The beginning of an escape sequence at the end of the text.
    case incomplete

    static func mayBegin(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "&") }

    /// The escape sequence at an index; `nil` if there is none.
    init?(in text: [UInt8], at start: Int) {
        switch text[start] {
        case UInt8(ascii: "%"): self.init(hexadecimal: text, at: start, from: start + 1)
        case UInt8(ascii: "\\"): self.init(backslash: text, at: start)
        case UInt8(ascii: "&"): self.init(entity: text, at: start)
        default: return nil
        }
    }

    /// A byte as two hexadecimal digits.
    private init?(hexadecimal text: [UInt8], at start: Int, from first: Int) {
        guard let value = Self.number(text, first..<first + 2, radix: 16) else {
            guard Self.endsWithin(text, first..<first + 2, Self.isHexadecimal) else { return nil }
            self = .incomplete
            return
        }
        self = .byte(UInt8(value), length: first + 2 - start)
    }

    private init?(backslash text: [UInt8], at start: Int) {
        guard start + 1 < text.count else {
            self = .incomplete
            return
        }
        switch text[start + 1] {
        case let byte where "\\/\"'".utf8.contains(byte): self = .byte(byte, length: 2)
        case UInt8(ascii: "n"): self = .byte(UInt8(ascii: "\n"), length: 2)
        case UInt8(ascii: "r"): self = .byte(UInt8(ascii: "\r"), length: 2)
        case UInt8(ascii: "t"): self = .byte(UInt8(ascii: "\t"), length: 2)
        case UInt8(ascii: "x"): self.init(hexadecimal: text, at: start, from: start + 2)
        case UInt8(ascii: "u"): self.init(unicode: text, at: start)
        default: return nil
        }
    }

    /// `\u002F`, a surrogate pair of them, or `\u{2F}`.
    private init?(unicode text: [UInt8], at start: Int) {
        let first = start + 2
        if first < text.count, text[first] == UInt8(ascii: "{") {
            let digits = text[(first + 1)...].prefix(6).prefix(while: Self.isHexadecimal)
            if digits.endIndex == text.count {
                self = .incomplete
                return
            }
            guard text[digits.endIndex] == UInt8(ascii: "}"),
                let scalar = Self.number(text, first + 1..<digits.endIndex, radix: 16).flatMap(Unicode.Scalar.init)
            else { return nil }
            self = .character(scalar, length: digits.endIndex + 1 - start)
            return
        }
        guard let unit = Self.number(text, first..<first + 4, radix: 16) else {
            guard Self.endsWithin(text, first..<first + 4, Self.isHexadecimal) else { return nil }
            self = .incomplete
            return
        }
        if let scalar = Unicode.Scalar(unit) {
            self = .character(scalar, length: 6)
            return
        }
        let second = first + 4
        guard (0xD800..<0xDC00).contains(unit), text[second...].starts(with: "\\u".utf8),
            let low = Self.number(text, second + 2..<second + 6, radix: 16), (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { return nil }
        self = .character(scalar, length: 12)
    }

    /// `&#47;`, `&#x2F;`, or a named character reference of a character that occurs in keys.
    private init?(entity text: [UInt8], at start: Int) {
        let name = text[(start + 1)...].prefix(Self.maxEntityLength).prefix { $0 == UInt8(ascii: "#") || Self.isAlphanumeric($0) }
        guard name.endIndex < text.count else {
            self = .incomplete
            return
        }
        guard text[name.endIndex] == UInt8(ascii: ";"), let first = name.first else { return nil }
        let length = name.endIndex + 1 - start
        let scalar: Unicode.Scalar?
        if first == UInt8(ascii: "#") {
            let isHexadecimal = name.dropFirst().first.map { $0 | 0x20 } == UInt8(ascii: "x")
            let digits = name.dropFirst(isHexadecimal ? 2 : 1)
            scalar = Self.number(text, digits.startIndex..<digits.endIndex, radix: isHexadecimal ? 16 : 10).flatMap(Unicode.Scalar.init)
        } else {
            scalar = Self.entities[String(decoding: name, as: UTF8.self)]
        }
        guard let scalar else { return nil }
        self = .character(scalar, length: length)
    }

    private static let maxEntityLength = 8

    /// HTML's names of ASCII punctuation (html.spec.whatwg.org, named character references).
    private static let entities: [String: Unicode.Scalar] = [
        "amp": "&", "AMP": "&", "lt": "<", "LT": "<", "gt": ">", "GT": ">", "quot": "\"", "QUOT": "\"", "apos": "'", "sol": "/",
        "bsol": "\\",
        "plus": "+", "equals": "=", "colon": ":", "semi": ";", "comma": ",", "period": ".", "num": "#", "percnt": "%", "commat": "@",
        "dollar": "$", "excl": "!", "quest": "?", "ast": "*", "midast": "*", "lpar": "(", "rpar": ")", "lsqb": "[", "lbrack": "[",
        "rsqb": "]", "rbrack": "]", "lcub": "{", "lbrace": "{", "rcub": "}", "rbrace": "}", "verbar": "|", "vert": "|", "lowbar": "_",
        "UnderBar": "_", "Hat": "^", "grave": "`", "Tab": "\t", "NewLine": "\n", "nbsp": " ",
    ]

    // MARK: Digits

    private static func number(_ text: [UInt8], _ range: Range<Int>, radix: UInt32) -> UInt32? {
        guard range.upperBound <= text.count, !range.isEmpty else { return nil }
        var number: UInt32 = 0
        for byte in text[range] {
            guard byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix else { return nil }
            number = number * radix + UInt32(digit)
        }
        return number
    }

    /// Whether the text ends within a range, after allowed bytes only.
    private static func endsWithin(_ text: [UInt8], _ range: Range<Int>, _ isAllowed: (UInt8) -> Bool) -> Bool {
        range.upperBound > text.count && text[min(range.lowerBound, text.count)...].allSatisfy(isAllowed)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) && (byte < UInt8(ascii: "A") || byte | 0x20 <= UInt8(ascii: "f"))
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: false
        }
    }
}
