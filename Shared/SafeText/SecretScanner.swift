/// Examines one separator: the name before it and the value after it.
struct SecretScanner {
    let bytes: [UInt8]
    let separator: Int
    let keys: Set<String>

    /// The maximum length of a name in bytes.
    private static let maxNameLength = 100
    private static let schemes = ["bearer", "basic", "digest", "token", "apikey", "api-key", "key", "negotiate", "hmac"]
    /// Secret URL parameters whose names are ordinary words elsewhere.
    private static let parameters: Set<String> = ["key", "token", "sig", "signature"]

    private struct Name {
        var text: String
        /// The index of its first byte, including the quote.
        var start: Int
        var isQuoted: Bool
        /// Whether it is a URL parameter.
        var isParameter: Bool
    }

    /// The range of the value; `nil` if its name isn't secret or it is already redacted.
    var value: Range<Int>? {
        guard let range = candidate, !range.isEmpty, !bytes[range].starts(with: Redaction.placeholder.utf8.dropLast()) else {
            return nil
        }
        return range
    }

    private var candidate: Range<Int>? {
        switch bytes[separator] {
        case UInt8(ascii: ">"): return element
        case UInt8(ascii: ","):
            // A Python list of headers: ('authorization', 'Bearer …').
            guard let name = name(before: separator), name.isQuoted, SecretNames.isHeader(name.text), !isFollowedByName else { return nil }
            return range(name)
        default:
            guard var name = name(before: separator) else { return nil }
            if isSecret(name) { return range(name) }
            // {"name": "x-api-key", "value": "…"}, <header name="x-api-key" value="…"/>
            if SecretNames.isValue(name.text), let label = label(before: name.start), SecretNames.contains(label, in: keys) {
                name.text = label
                return range(name)
            }
            return password(of: name)
        }
    }

    private func isSecret(_ name: Name) -> Bool {
        if name.isParameter {
            let parameter = name.text.lowercased()
            if Self.parameters.contains(parameter) || parameter.hasPrefix("x-amz-") { return true }
        }
        return SecretNames.contains(name.text, in: keys)
    }

    // MARK: The name

    private func name(before separator: Int) -> Name? {
        var end = separator
        while end > 0, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
        var isQuoted = false
        if end > 0, Self.isQuote(bytes[end - 1]) {
            isQuoted = true
            end -= 1
            while end > 0, bytes[end - 1] == UInt8(ascii: "\\") { end -= 1 }
        }
        let start = startOfName(before: end)
        guard start < end else { return nil }
        let isParameter = start > 0 && bytes[separator] == UInt8(ascii: "=") && "?&".utf8.contains(bytes[start - 1])
        var outer = start
        if isQuoted, outer > 0, Self.isQuote(bytes[outer - 1]) {
            outer -= 1
            while outer > 0, bytes[outer - 1] == UInt8(ascii: "\\") { outer -= 1 }
        }
        return Name(text: String(decoding: bytes[start..<end], as: UTF8.self), start: outer, isQuoted: isQuoted, isParameter: isParameter)
    }

    private func startOfName(before end: Int) -> Int {
        var start = end
        while start > 0, end - start < Self.maxNameLength, Self.isNameByte(bytes[start - 1]) { start -= 1 }
        return start
    }

    /// The string immediately before `"value"`.
    private func label(before start: Int) -> String? {
        var end = start
        let least = max(0, start - 20)
        while end > least, Self.isBlank(bytes[end - 1]) || ",;".utf8.contains(bytes[end - 1]) { end -= 1 }
        guard end < start, end > 0, Self.isQuote(bytes[end - 1]) else { return nil }
        end -= 1
        while end > 0, bytes[end - 1] == UInt8(ascii: "\\") { end -= 1 }
        let first = startOfName(before: end)
        return first < end ? String(decoding: bytes[first..<end], as: UTF8.self) : nil
    }

    /// Whether the next string is the name of another member rather than a value.
    private var isFollowedByName: Bool {
        var index = separator + 1
        while index < bytes.count, Self.isBlank(bytes[index]) { index += 1 }
        while index < bytes.count, bytes[index] == UInt8(ascii: "\\") { index += 1 }
        guard index < bytes.count, Self.isQuote(bytes[index]) else { return false }
        let name = bytes[(index + 1)...].prefix(Self.maxNameLength).prefix(while: Self.isNameByte)
        guard name.endIndex < bytes.count else { return false }
        index = name.endIndex
        while index < bytes.count, bytes[index] == UInt8(ascii: "\\") { index += 1 }
        guard index < bytes.count, Self.isQuote(bytes[index]) else { return false }
        let next = bytes[(index + 1)...].first { $0 != UInt8(ascii: " ") }
        return next == UInt8(ascii: ":") || next == UInt8(ascii: "=")
    }

    // MARK: The value

    private func range(_ name: Name) -> Range<Int>? {
        var start = separator + 1
        // :=, =>
        if start < bytes.count, bytes[start] == UInt8(ascii: ">") || bytes[start] == UInt8(ascii: "=") { start += 1 }
        while start < bytes.count, bytes[start] == UInt8(ascii: " ") || name.isQuoted && Self.isBlank(bytes[start]) { start += 1 }
        var hasBracket = false
        while !bytes[start...].starts(with: Redaction.placeholder.utf8.dropLast()), let inner = wrapped(from: start) {
            start = inner
            hasBracket = true
        }
        guard let quote = quote(at: start) else { return bytes[separator] == UInt8(ascii: ",") ? nil : plain(from: start, name) }
        // Don't search for its end, which may be far away.
        guard !bytes[(quote + 1)...].starts(with: Redaction.placeholder.utf8.dropLast()) else { return nil }
        var value = quoted(from: quote)
        while hasBracket, let next = nextQuote(after: value.upperBound, of: quote) {
            value = value.lowerBound..<quoted(from: next).upperBound
        }
        return value
    }

    /// The index of a string's opening quote, after any backslashes and the prefix of a Python literal, as in `b'…'`.
    private func quote(at start: Int) -> Int? {
        var start = start
        if start + 1 < bytes.count, "bBrRuUfF".utf8.contains(bytes[start]), Self.isQuote(bytes[start + 1]) { start += 1 }
        while start < bytes.count, bytes[start] == UInt8(ascii: "\\") { start += 1 }
        return start < bytes.count && Self.isQuote(bytes[start]) ? start : nil
    }

    /// The start of the contents of a list, or of a call such as `SecretStr('…')`.
    private func wrapped(from start: Int) -> Int? {
        var index = start
        while index < bytes.count, index - start < 40, Self.isNameByte(bytes[index]) { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "(") || bytes[index] == UInt8(ascii: "[") else { return nil }
        let isCall = index > start
        index += 1
        let first = index
        while index < bytes.count, index - first < 40, Self.isBlank(bytes[index]) { index += 1 }
        return isCall && quote(at: index) == nil ? nil : index
    }

    /// The opening quote of a list's next string.
    private func nextQuote(after end: Int, of first: Int) -> Int? {
        var index = end
        while index < bytes.count, bytes[index] == UInt8(ascii: "\\") { index += 1 }
        guard index < bytes.count, bytes[index] == bytes[first] else { return nil }
        index += 1
        while index < bytes.count, Self.isBlank(bytes[index]) { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: ",") else { return nil }
        index += 1
        while index < bytes.count, Self.isBlank(bytes[index]) { index += 1 }
        return quote(at: index)
    }

    /// The contents of a quoted string.
    ///
    /// - Parameter quote: the opening quote. The closing one is preceded by as many backslashes; a quote with more belongs to the value.
    private func quoted(from quote: Int) -> Range<Int> {
        var escapes = 0
        while escapes < quote, bytes[quote - 1 - escapes] == UInt8(ascii: "\\") { escapes += 1 }
        let start = quote + 1
        var run = 0
        for index in start..<bytes.count {
            if bytes[index] == UInt8(ascii: "\\") {
                run += 1
                continue
            }
            // An even number of backslashes escapes only backslashes.
            let isEscaped = escapes == 0 ? run % 2 == 1 : run > escapes
            if bytes[index] == bytes[quote], !isEscaped { return start..<max(start, index - min(run, escapes)) }
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
        if SecretNames.isCookie(name.text), word.contains(UInt8(ascii: "=")) { return cookies(from: start) }
        var token = word
        let hasScheme =
            Self.schemes.contains(String(decoding: word, as: UTF8.self).lowercased()) && word.endIndex < bytes.count
            && bytes[word.endIndex] == UInt8(ascii: " ")
        if hasScheme { token = bytes[word.endIndex...].drop { $0 == UInt8(ascii: " ") }.prefix { !Self.endsToken($0) } }
        if token.starts(with: Redaction.placeholder.utf8.dropLast()) { return nil }
        let range = start..<token.endIndex
        if bytes[separator] == UInt8(ascii: "=") { return token.count >= 4 || name.isParameter ? range : nil }
        if hasScheme { return token.isEmpty ? nil : range }
        if SecretNames.isHeader(name.text) { return token.count >= 6 ? range : nil }
        // After a colon, a short word without digits is more likely prose than a secret, unless nothing follows it.
        let isWord = !token.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        if isWord, token.count < 16, !standsAlone(token) { return nil }
        return token.count >= 6 ? range : nil
    }

    /// The rest of a `Cookie:` line.
    private func cookies(from start: Int) -> Range<Int>? {
        let line = bytes[start...].prefix { !Self.isQuote($0) && !"\n\r\\,)]}<>".utf8.contains($0) }
        return line.starts(with: Redaction.placeholder.utf8.dropLast()) ? nil : line.startIndex..<line.endIndex
    }

    /// Whether the line ends with the word, and the word doesn't describe an error or a type.
    private func standsAlone(_ token: ArraySlice<UInt8>) -> Bool {
        let blanks = bytes[token.endIndex...].prefix { $0 == UInt8(ascii: " ") }
        // Another word follows.
        if !blanks.isEmpty, blanks.endIndex < bytes.count, !Self.isBlank(bytes[blanks.endIndex]) { return false }
        let word = String(decoding: token, as: UTF8.self).lowercased()
        return !Self.nonSecretWords.contains(word.last.map { ".!?:".contains($0) } ?? false ? String(word.dropLast()) : word)
    }

    private static let nonSecretWords: Set<String> = [
        "absent", "accepted", "boolean", "denied", "deprecated", "different", "disabled", "enabled", "encrypted", "expected", "expired",
        "failed", "failure", "forbidden", "hidden", "ignored", "incorrect", "integer", "invalid", "literal", "malformed", "mandatory",
        "masked", "mismatch", "mismatched", "missing", "needed", "nullable", "number", "object", "omitted", "optional", "outdated",
        "permitted", "present", "private", "provided", "public", "redacted", "refused", "rejected", "removed", "required", "requested",
        "revoked", "secret", "secretstr", "string", "strings", "success", "supported", "unauthorized", "unchanged", "undefined",
        "unknown", "unsupported", "unused", "verified", "wrong",
    ]

    // MARK: XML

    /// The contents of an element with a secret name: `<password>…</password>`.
    private var element: Range<Int>? {
        guard separator > 0, Self.isNameByte(bytes[separator - 1]) || Self.isQuote(bytes[separator - 1]) else { return nil }
        let least = max(0, separator - 2 * Self.maxNameLength)
        guard let tag = bytes[least..<separator].lastIndex(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") }),
            bytes[tag] == UInt8(ascii: "<")
        else { return nil }
        var name = bytes[(tag + 1)..<separator].prefix { Self.isNameByte($0) || $0 == UInt8(ascii: ":") }
        // Remove the namespace prefix.
        if let colon = name.lastIndex(of: UInt8(ascii: ":")) { name = name[(colon + 1)...] }
        guard SecretNames.contains(String(decoding: name, as: UTF8.self), in: keys) else { return nil }
        let text = bytes[(separator + 1)...].prefix { $0 != UInt8(ascii: "<") }
        return bytes[text.endIndex...].starts(with: "</".utf8) ? text.startIndex..<text.endIndex : nil
    }

    // MARK: curl

    /// The password in `-u user:password`.
    private func password(of user: Name) -> Range<Int>? {
        guard bytes[separator] == UInt8(ascii: ":"), !user.isQuoted else { return nil }
        var end = user.start
        if end > 0, Self.isQuote(bytes[end - 1]) { end -= 1 }
        while end > 0, user.start - end < 8, bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == UInt8(ascii: "=") { end -= 1 }
        guard end < user.start else { return nil }
        let option = bytes[startOfName(before: end)..<end]
        guard ["-u", "--user", "--proxy-user", "-U"].contains(where: { option.elementsEqual($0.utf8) }) else { return nil }
        let value = bytes[(separator + 1)...].prefix { !Self.isBlank($0) && !Self.isQuote($0) }
        // A numeric user and group, as in Docker's arguments, or a URL.
        let isNumber = value.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return isNumber || value.starts(with: "//".utf8) ? nil : value.startIndex..<value.endIndex
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
