extension String {
    /// The text with everything escaped that could forge a line of a log, drive a terminal, or show text in another order than it is
    /// stored: control characters (C0, DEL, C1), the line and paragraph separators, and the controls of bidirectional text.
    ///
    /// `\n`, `\r` and `\t` are written as such, all others as `\u` with four hexadecimal digits. So JSON stays valid JSON, with the same
    /// values: outside of its strings, it holds none of these characters but blanks.
    ///
    /// - Parameter keepsLineBreaks: whether a line feed stays one, for a text of ours that has several lines.
    package func escapingControls(keepsLineBreaks: Bool = false) -> String {
        guard utf8.contains(where: Self.mayBeginControl) else { return self }
        var escaped = ""
        escaped.reserveCapacity(utf8.count + 16)
        for scalar in unicodeScalars {
            switch scalar {
            case "\n": escaped += keepsLineBreaks ? "\n" : "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            case _ where Self.isControl(scalar):
                let digits = String(scalar.value, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// The first bytes of the characters that are escaped, and of some others, which are looked at closely then.
    private static func mayBeginControl(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7F || byte == 0xC2 || byte == 0xD8 || byte == 0xE2
    }

    /// The bidirectional controls are those of Unicode's `Bidi_Control` property (unicode.org/reports/tr9).
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// At most so many bytes of the text, in whole characters, followed by the length of the text if it is longer.
    package func truncated(toBytes limit: Int) -> String {
        let length = utf8.count
        guard length > limit else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: limit)
        // Not inside of a character's bytes: those after its first have 10 as their highest bits.
        while end > utf8.startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return String(self[..<end]) + "… (\(length) bytes)"
    }
}
