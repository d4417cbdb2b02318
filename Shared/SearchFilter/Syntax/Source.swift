/// A filter as UTF-8, with the lookahead and lookbehind that the tokenizer needs. Every access is bounds-checked.
struct Source {
    let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }

    var count: Int { bytes.count }

    /// The byte at `position`, or 0 before the beginning and past the end.
    subscript(position: Int) -> UInt8 { position >= 0 && position < bytes.count ? bytes[position] : 0 }

    func text(_ span: Range<Int>) -> String { String(decoding: bytes[span], as: UTF8.self) }

    /// The text of `span` with the letters a–z in uppercase.
    func capitals(_ span: Range<Int>) -> String {
        String(unsafeUninitializedCapacity: span.count) { buffer in
            for (index, position) in span.enumerated() {
                let byte = self[position]
                buffer[index] = byte &- UInt8(ascii: "a") < 26 ? byte & 0xDF : byte
            }
            return span.count
        }
    }

    /// The character at `position`, which must be in bounds, and the position after it.
    func character(at position: Int) -> (scalar: Unicode.Scalar, end: Int) {
        let lead = self[position]
        if lead < 0x80 { return (Unicode.Scalar(lead), position + 1) }
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        var value = UInt32(lead) & (0x7F >> UInt32(length))
        for offset in 1..<length { value = value << 6 | UInt32(self[position + offset]) & 0x3F }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", min(position + length, count))
    }

    func isWord(at position: Int) -> Bool {
        position < count && CharacterClasses.isWord(character(at: position).scalar)
    }

    func isWord(before position: Int) -> Bool {
        var start = position - 1
        while start > 0, self[start] & 0xC0 == 0x80 { start -= 1 }
        return start >= 0 && CharacterClasses.isWord(character(at: start).scalar)
    }

    /// The end of the run of word characters that begins at `position`; `alsoWith` adds bytes to the class.
    func wordEnd(from position: Int, alsoWith others: UInt8...) -> Int {
        var end = position
        while end < count {
            if self[end] < 0x80 {
                guard CharacterClasses.isASCIIWord(self[end]) || others.contains(self[end]) else { break }
                end += 1
            } else {
                let (scalar, next) = character(at: end)
                guard CharacterClasses.isWord(scalar) else { break }
                end = next
            }
        }
        return end
    }

    /// The end of the run of whitespace that begins at `position`.
    func spaceEnd(from position: Int) -> Int {
        var end = position
        while end < count {
            let (scalar, next) = character(at: end)
            guard CharacterClasses.isSpace(scalar) else { break }
            end = next
        }
        return end
    }

    /// The end of the run of bytes in `set` that begins at `position`.
    func end(of set: StaticString, from position: Int) -> Int {
        set.withUTF8Buffer { set in
            var end = position
            while end < count, set.contains(self[end]) { end += 1 }
            return end
        }
    }
}
