/// Percent-encoding of URLs (RFC 3986).
package enum PercentEncoding {
    /// Encodes the UTF-8 bytes of everything except the unreserved characters (letters, digits, `-._~`) as `%XX`.
    package static func encode(_ text: String, keepingSlashes: Bool = false) -> String {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if isUnreserved(byte) || (keepingSlashes && byte == UInt8(ascii: "/")) {
                encoded.append(byte)
            } else {
                encoded.append(UInt8(ascii: "%"))
                encoded.append(Hex.uppercaseDigit(byte >> 4))
                encoded.append(Hex.uppercaseDigit(byte))
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// Decodes each `%XX` once. Keeps a `%` that isn't followed by two hexadecimal digits, like Python's `unquote`.
    ///
    /// - Parameter plusIsSpace: whether `+` is a space, as in `application/x-www-form-urlencoded`.
    package static func decode(_ bytes: [UInt8], plusIsSpace: Bool = false) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = Hex.value(of: bytes[index + 1]), let low = Hex.value(of: bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(plusIsSpace && bytes[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : bytes[index])
                index += 1
            }
        }
        return decoded
    }

    /// Decodes each `%XX` of a string once; invalid UTF-8 becomes U+FFFD.
    package static func decode(_ text: Substring, plusIsSpace: Bool = false) -> String {
        let mayChange = text.utf8.contains { $0 == UInt8(ascii: "%") || (plusIsSpace && $0 == UInt8(ascii: "+")) }
        guard mayChange else { return String(text) }
        return String(decoding: decode(Array(text.utf8), plusIsSpace: plusIsSpace), as: UTF8.self)
    }

    /// Decodes each `%XX` of a string once; invalid UTF-8 becomes U+FFFD.
    package static func decode(_ text: String, plusIsSpace: Bool = false) -> String { decode(text[...], plusIsSpace: plusIsSpace) }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
