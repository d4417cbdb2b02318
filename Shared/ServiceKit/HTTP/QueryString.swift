internal import WireProtocol

/// Encodes and decodes query strings in the `application/x-www-form-urlencoded` format: `+` is a space, `%XX` a byte.
package enum QueryString {
    /// The decoded parameters, in order.
    ///
    /// - Throws: `ServiceError` when there are more than `limit`.
    package static func pairs(of query: String, limit: Int = RequestLimits.standard.queryPairs) throws -> [(name: String, value: String)] {
        let parts = query.utf8.split(separator: UInt8(ascii: "&"), maxSplits: limit)
        guard parts.count <= limit else {
            throw ServiceError.invalidParameter("The query string has more than \(limit) parameters.")
        }
        return parts.map { pair in
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return (decode(parts[0], plusIsSpace: true), parts.count > 1 ? decode(parts[1], plusIsSpace: true) : "")
        }
    }

    /// Decodes `%XX`. Leaves invalid escapes unchanged; invalid UTF-8 becomes U+FFFD.
    package static func decode(_ text: some Collection<UInt8>, plusIsSpace: Bool) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = text.startIndex
        while index != text.endIndex {
            let byte = text[index]
            let next = text.index(after: index)
            if byte == UInt8(ascii: "%"), let second = text.index(next, offsetBy: 1, limitedBy: text.endIndex),
                next != text.endIndex, second != text.endIndex, let high = hex(text[next]), let low = hex(text[second])
            {
                bytes.append(high << 4 | low)
                index = text.index(after: second)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                index = next
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Percent-encodes a value: everything except letters, digits and `-._~` (RFC 3986, section 2.3).
    package static func encode(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~": encoded.unicodeScalars.append(scalar)
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
