/// Finds API keys by their formats: those of well-known providers and of this gateway.
///
/// Scans the bytes once: every log line passes through here, and regular expressions are much slower.
enum APIKeyScanner {
    /// A format: one of several prefixes, followed by at least `minimumLength` bytes of an alphabet.
    private struct Pattern {
        var prefixes: [[UInt8]]
        var alphabet: @Sendable (UInt8) -> Bool
        var minimumLength: Int

        init(_ prefixes: [String], _ minimumLength: Int, _ alphabet: @escaping @Sendable (UInt8) -> Bool) {
            self.prefixes = prefixes.map { Array($0.utf8) }
            self.alphabet = alphabet
            self.minimumLength = minimumLength
        }
    }

    private static let patterns = [
        // OpenAI, Anthropic, DeepSeek, OpenRouter, Stripe, and ours.
        Pattern(["sk-", "sk_", "pk-", "pk_", "rk-", "rk_"], 16) { isWord($0) || $0 == UInt8(ascii: "-") },
        Pattern(["gsk", "hf", "xai", "r8", "pplx", "tgp", "nvapi", "dapi"], 24) { isWord($0) || $0 == UInt8(ascii: "-") },
        // AWS, Google, GitHub, Slack.
        Pattern(["AKIA", "ASIA"], 16) { isDigit($0) || isCapital($0) },
        Pattern(["AIza"], 35) { isWord($0) || $0 == UInt8(ascii: "-") },
        Pattern(["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], 20) { isWord($0) && $0 != UInt8(ascii: "_") },
        Pattern(["xoxa-", "xoxb-", "xoxp-", "xoxo-", "xoxs-", "xoxr-"], 10) {
            isWord($0) && $0 != UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
        },
    ]

    /// The possible first bytes of a key in any format, a signed token, `Bearer` or a PEM block.
    private static let firstBytes: [Bool] = {
        var first = Array(repeating: false, count: 256)
        for pattern in patterns { for prefix in pattern.prefixes { if let byte = prefix.first { first[Int(byte)] = true } } }
        for byte in "ebB-".utf8 { first[Int(byte)] = true }
        return first
    }()

    /// Replaces each key with the placeholder.
    static func redacted(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var redacted: [UInt8] = []
        var copied = 0
        var index = 0
        var isInWord = false
        var withoutToken = 0
        while index < bytes.count {
            if firstBytes[Int(bytes[index])], !isInWord, let end = end(of: bytes[index...], withoutToken: &withoutToken) {
                redacted += bytes[copied..<index]
                redacted += Array(Redaction.placeholder.utf8)
                (copied, index) = (end, end)
                isInWord = false
            } else {
                isInWord = isWord(bytes[index])
                index += 1
            }
        }
        return copied == 0 ? text : String(decoding: redacted + bytes[copied...], as: UTF8.self)
    }

    /// The end of the key at the start of `rest`; `nil` if there is none.
    ///
    /// - Parameter withoutToken: no signed token begins before this index. Without it, a long run of possible prefixes would be scanned to
    ///   its end from each of them.
    private static func end(of rest: ArraySlice<UInt8>, withoutToken: inout Int) -> Int? {
        for pattern in patterns {
            for prefix in pattern.prefixes where rest.starts(with: prefix) {
                let tail = rest.dropFirst(prefix.count).prefix { pattern.alphabet($0) }
                if tail.count >= pattern.minimumLength { return tail.endIndex }
            }
        }
        return endOfSignedToken(rest, withoutToken: &withoutToken) ?? endOfBearer(rest) ?? endOfPEM(rest)
    }

    /// A JSON Web Token: three base64url parts separated by dots (RFC 7519).
    private static func endOfSignedToken(_ rest: ArraySlice<UInt8>, withoutToken: inout Int) -> Int? {
        guard rest.startIndex >= withoutToken, rest.starts(with: "eyJ".utf8) else { return nil }
        let isBase64: (UInt8) -> Bool = { isWord($0) || $0 == UInt8(ascii: "-") }
        let head = rest.prefix(while: isBase64)
        guard head.endIndex < rest.endIndex, rest[head.endIndex] == UInt8(ascii: ".") else {
            withoutToken = head.endIndex
            return nil
        }
        guard head.count >= 11 else { return nil }
        let claims = rest[(head.endIndex + 1)...].prefix(while: isBase64)
        guard claims.count >= 8, claims.endIndex < rest.endIndex, rest[claims.endIndex] == UInt8(ascii: ".") else { return nil }
        return rest[(claims.endIndex + 1)...].prefix(while: isBase64).endIndex
    }

    /// `Bearer` followed by a token (RFC 6750, section 2.1).
    private static func endOfBearer(_ rest: ArraySlice<UInt8>) -> Int? {
        guard rest.prefix(6).elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 }) else { return nil }
        let blank = rest.dropFirst(6).prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\n") }
        let token = rest[blank.endIndex...].prefix { isWord($0) || "-.~+/=".utf8.contains($0) }
        return !blank.isEmpty && token.count >= 16 ? token.endIndex : nil
    }

    /// A private key in PEM (RFC 7468), up to the end of the text if it is truncated.
    private static func endOfPEM(_ rest: ArraySlice<UInt8>) -> Int? {
        guard rest.starts(with: "-----BEGIN ".utf8) else { return nil }
        let label = rest.dropFirst(11).prefix { isCapital($0) || $0 == UInt8(ascii: " ") }
        guard label.ends(with: "PRIVATE KEY"), rest[label.endIndex...].starts(with: "-----".utf8) else { return nil }
        let end = Array("-----END ".utf8)
        var index = label.endIndex
        while index < rest.endIndex {
            guard rest[index] == UInt8(ascii: "-"), rest[index...].starts(with: end) else {
                index += 1
                continue
            }
            let last = rest[(index + end.count)...].prefix { isCapital($0) || $0 == UInt8(ascii: " ") }
            return min(last.endIndex + 5, rest.endIndex)
        }
        return rest.endIndex
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isCapital(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }

    private static func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || isCapital(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
    }
}

extension ArraySlice<UInt8> {
    fileprivate func ends(with text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
