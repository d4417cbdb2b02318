/// Strings.
extension JSONParser {
    mutating func skipString() throws(JSONSyntaxError) {
        position += 1
        let start = position
        var isASCII = true
        while true {
            if !skipPlainBytes() { isASCII = false }
            switch peek() {
            case UInt8(ascii: "\""):
                if !isASCII { _ = try utf8(start..<position) }
                position += 1
                return
            case UInt8(ascii: "\\"):
                position += 1
                _ = try escape()
            case nil: throw error("unterminated string")
            default: throw error("unescaped control character in a string")
            }
        }
    }

    /// Moves to the next quote, backslash or control character, or to the end of the document.
    ///
    /// - Returns: whether all bytes on the way are ASCII.
    private mutating func skipPlainBytes() -> Bool {
        var union: UInt64 = 0
        // Eight bytes at a time, as in "Bit Twiddling Hacks" by Sean Eron Anderson: a set high bit marks a byte of interest, exactly up to
        // the first one.
        while let base = bytes.baseAddress, bytes.count - position >= 8 {
            let word = UInt64(littleEndian: UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self))
            let controls = (word &- Self.ones &* 0x20) & ~word
            let quotes = Self.zeroBytes(word ^ (Self.ones &* UInt64(UInt8(ascii: "\""))))
            let backslashes = Self.zeroBytes(word ^ (Self.ones &* UInt64(UInt8(ascii: "\\"))))
            let found = (controls | quotes | backslashes) & Self.highBits
            if found != 0 {
                let count = found.trailingZeroBitCount / 8
                position += count
                return (union | (word & ~(UInt64.max << (8 * count)))) & Self.highBits == 0
            }
            union |= word
            position += 8
        }
        while let byte = peek(), byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
            union |= UInt64(byte)
            position += 1
        }
        return union & Self.highBits == 0
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Sets the high bit of each byte that is zero.
    private static func zeroBytes(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }

    /// Parses a string. If it has no escapes, its bytes are copied at once.
    mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        let isASCII = skipPlainBytes()
        switch peek() {
        case UInt8(ascii: "\""):
            // ASCII is always valid; for it, the initializer that doesn't validate is faster.
            let text =
                isASCII
                ? String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self) : try utf8(start..<position)
            position += 1
            return text
        case UInt8(ascii: "\\"): return try escapedString(from: start)
        case nil: throw error("unterminated string")
        default: throw error("unescaped control character in a string")
        }
    }

    private mutating func escapedString(from start: Int) throws(JSONSyntaxError) -> String {
        var text = Array(bytes[start..<position])
        while true {
            let plain = position
            _ = skipPlainBytes()
            text.append(contentsOf: bytes[plain..<position])
            switch peek() {
            case UInt8(ascii: "\""):
                position += 1
                guard let string = String(validating: text, as: UTF8.self) else { throw error("invalid UTF-8 in a string") }
                return string
            case UInt8(ascii: "\\"):
                position += 1
                text.append(contentsOf: String(try escape()).utf8)
            case nil: throw error("unterminated string")
            default: throw error("unescaped control character in a string")
            }
        }
    }

    private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
        guard let byte = peek() else { throw error("unterminated string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try hexUnit()
            if let scalar = Unicode.Scalar(unit) { return scalar }
            return try lowSurrogate(after: unit)
        default: throw error("invalid escape sequence in a string")
        }
    }

    /// The scalar of a surrogate pair. A lone surrogate, which UTF-8 can't represent, becomes U+FFFD.
    private mutating func lowSurrogate(after high: UInt16) throws(JSONSyntaxError) -> Unicode.Scalar {
        guard UTF16.isLeadSurrogate(high), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        let afterHigh = position
        position += 2
        let low = try hexUnit()
        guard UTF16.isTrailSurrogate(low) else {
            position = afterHigh
            return "\u{FFFD}"
        }
        let code = 0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
        return Unicode.Scalar(code) ?? "\u{FFFD}"
    }

    private mutating func hexUnit() throws(JSONSyntaxError) -> UInt16 {
        guard position + 4 <= bytes.count else { throw error("unterminated string") }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue, bytes[position] < 0x80 else {
                throw error("expected four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    func utf8(_ range: Range<Int>) throws(JSONSyntaxError) -> String {
        let bytes = UnsafeBufferPointer(rebasing: bytes[range])
        var union: UInt8 = 0
        for byte in bytes { union |= byte }
        // Most strings are ASCII, which can't be invalid; for these, the non-validating initializer is faster.
        if union < 0x80 { return String(decoding: bytes, as: UTF8.self) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw error("invalid UTF-8") }
        return text
    }
}
