/// Finds the values of secret names in text of any form: JSON and Python literals, strings that contain JSON, headers, variables, and
/// URL parameters.
///
/// Scans the bytes once. Regular expressions won't do: ICU gives up on long values, which would then stay.
struct NamedSecrets {
    /// Secret names in lower case, see ``SecretNames``.
    let keys: Set<String>

    /// Replaces each secret value with the mark.
    func redacted(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var redacted: [UInt8] = []
        var copied = 0
        var index = 0
        while index < bytes.count {
            if Self.isSeparator(bytes[index]), let value = Scanner(bytes: bytes, separator: index).value(of: keys) {
                redacted += bytes[copied..<value.lowerBound]
                redacted += Array(Redaction.mark.utf8)
                copied = value.upperBound
                index = max(value.upperBound, index + 1)
            } else {
                index += 1
            }
        }
        return copied == 0 ? text : String(decoding: redacted + bytes[copied...], as: UTF8.self)
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ":") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: ",")
    }
}

/// Examines one separator: the name before it and the value after it.
private struct Scanner {
    let bytes: [UInt8]
    let separator: Int

    /// The length limit for a name, in bytes.
    private static let longestName = 100
    private static let schemes = ["bearer", "basic", "digest", "token", "apikey", "api-key", "key", "negotiate", "hmac"]
    /// Secret URL parameters whose names are ordinary words elsewhere.
    private static let parameters: Set<String> = ["key", "token", "sig", "signature"]

    private struct Name {
        var text: String
        var isQuoted: Bool
        /// Whether it is a URL parameter.
        var isParameter: Bool
    }

    /// The value's range, if its name is secret and it hasn't been redacted already.
    func value(of keys: Set<String>) -> Range<Int>? {
        guard let name, isSecret(name, keys), let range = range(name), !range.isEmpty,
            !bytes[range].starts(with: Redaction.mark.utf8.dropLast())
        else { return nil }
        return range
    }

    private func isSecret(_ name: Name, _ keys: Set<String>) -> Bool {
        // A Python list of headers: ('authorization', 'Bearer …').
        if bytes[separator] == UInt8(ascii: ",") { return name.isQuoted && Self.isHeader(name.text) }
        if name.isParameter {
            let parameter = name.text.lowercased()
            if Self.parameters.contains(parameter) || parameter.hasPrefix("x-amz-") { return true }
        }
        return SecretNames.contains(name.text, in: keys)
    }

    // MARK: The name

    private var name: Name? {
        var end = separator
        while end > 0, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
        var isQuoted = false
        if end > 0, Self.isQuote(bytes[end - 1]) {
            isQuoted = true
            end -= 1
            while end > 0, bytes[end - 1] == UInt8(ascii: "\\") { end -= 1 }
        }
        var start = end
        while start > 0, end - start < Self.longestName, Self.isNameByte(bytes[start - 1]) { start -= 1 }
        guard start < end else { return nil }
        let isParameter = start > 0 && bytes[separator] == UInt8(ascii: "=") && [UInt8(ascii: "?"), UInt8(ascii: "&")].contains(bytes[start - 1])
        return Name(text: String(decoding: bytes[start..<end], as: UTF8.self), isQuoted: isQuoted, isParameter: isParameter)
    }

    /// Whether it is a header whose every value is secret, even a plain word.
    private static func isHeader(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.hasSuffix("authorization") || name.hasSuffix("cookie") || name == "api-key" || name.hasPrefix("x-") && name.hasSuffix("key")
    }

    // MARK: The value

    private func range(_ name: Name) -> Range<Int>? {
        var start = separator + 1
        while start < bytes.count, bytes[start] == UInt8(ascii: " ") || name.isQuoted && Self.isBlank(bytes[start]) { start += 1 }
        // A Python bytes literal: b'…'.
        if start + 1 < bytes.count, bytes[start] == UInt8(ascii: "b"), Self.isQuote(bytes[start + 1]) { start += 1 }
        var quote = start
        while quote < bytes.count, bytes[quote] == UInt8(ascii: "\\") { quote += 1 }
        if quote < bytes.count, Self.isQuote(bytes[quote]) {
            // Not searched for its end, which may be far away.
            guard !bytes[(quote + 1)...].starts(with: Redaction.mark.utf8.dropLast()) else { return nil }
            return quoted(from: quote + 1, by: bytes[quote], escapes: quote - start)
        }
        return bytes[separator] == UInt8(ascii: ",") ? nil : plain(from: start, name)
    }

    /// - Parameter escapes: the number of backslashes before the opening quote. The closing quote has as many; a quote with more belongs
    ///   to the value.
    private func quoted(from start: Int, by quote: UInt8, escapes: Int) -> Range<Int> {
        var run = 0
        for index in start..<bytes.count {
            if bytes[index] == UInt8(ascii: "\\") {
                run += 1
                continue
            }
            // An even number of backslashes escapes only backslashes.
            let isEscaped = escapes == 0 ? run % 2 == 1 : run > escapes
            if bytes[index] == quote, !isEscaped { return start..<max(start, index - min(run, escapes)) }
            run = 0
        }
        return start..<bytes.count
    }

    private func plain(from start: Int, _ name: Name) -> Range<Int>? {
        // An AWS signature contains spaces.
        if bytes[start...].starts(with: "AWS4-HMAC-SHA256".utf8) {
            return start..<(bytes[start...].firstIndex { Self.isQuote($0) || $0 == UInt8(ascii: "\n") } ?? bytes.count)
        }
        let word = bytes[start...].prefix { !Self.endsToken($0) }
        var token = word
        let hasScheme = Self.schemes.contains(String(decoding: word, as: UTF8.self).lowercased()) && word.endIndex < bytes.count
            && bytes[word.endIndex] == UInt8(ascii: " ")
        if hasScheme { token = bytes[word.endIndex...].drop { $0 == UInt8(ascii: " ") }.prefix { !Self.endsToken($0) } }
        if token.starts(with: Redaction.mark.utf8.dropLast()) { return nil }
        let range = start..<token.endIndex
        if bytes[separator] == UInt8(ascii: "=") { return token.count >= 4 || name.isParameter ? range : nil }
        if hasScheme { return token.isEmpty ? nil : range }
        if Self.isHeader(name.text) { return token.count >= 6 ? range : nil }
        // After a colon, a short word without digits is more likely prose than a secret.
        let isWord = !token.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return token.count >= (isWord ? 16 : 6) ? range : nil
    }

    // MARK: Bytes

    private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\t")
    }

    private static func endsToken(_ byte: UInt8) -> Bool { isBlank(byte) || isQuote(byte) || "`,;&)]}<>\\".utf8.contains(byte) }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
