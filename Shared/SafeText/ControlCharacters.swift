extension String {
    /// Escapes every character that could forge a log line, control a terminal or reorder the displayed text: control characters (C0,
    /// DEL, C1), line and paragraph separators, and bidirectional controls.
    ///
    /// Line feeds, carriage returns and tabs become `\n`, `\r` and `\t`; others become `\u` and four hexadecimal digits. These are JSON
    /// escapes, so a line of JSON stays valid and keeps its values.
    ///
    /// - Parameter keepsLineBreaks: whether to keep line feeds, for our own messages with several lines.
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

    /// Whether a byte may start the UTF-8 encoding of an escaped character; some other characters start with it too.
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
}
