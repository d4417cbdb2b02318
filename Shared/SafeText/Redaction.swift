package import Foundation
package import JSON

/// Removes secrets from what leaves the process: traces, logs, and errors that other programs wrote.
package struct Redaction: Sendable {
    package static let mark = "[REDACTED]"

    /// The names, in lower case, whose values are removed.
    package var keys: Set<String>
    /// What is removed from all texts, in addition to keys in well-known formats.
    package var patterns: [NSRegularExpression]
    /// Bytes that a text may have; images and files are longer.
    package var maxText: Int
    /// Known secrets, which are removed wherever they appear.
    package private(set) var secrets: [String] = []

    package init(keys: Set<String> = usualKeys, patterns: [NSRegularExpression] = [], maxText: Int = 1 << 20) {
        self.keys = keys
        self.patterns = patterns
        self.maxText = maxText
    }

    package static var usualKeys: Set<String> { SecretNames.usual }

    /// The redaction that applies to every text.
    package static let standard = Redaction()

    /// The size limit for parsing a text as JSON, in bytes; longer ones are searched as plain text.
    private static let jsonLimit = 1 << 20

    /// Shorter values may be ordinary words: people write `none` or `EMPTY` where no key is needed.
    package static let shortestSecret = 6

    /// Adds known secrets, in the forms in which errors quote them: verbatim, percent-encoded and escaped as JSON.
    ///
    /// - Parameter shortest: the minimum length in bytes; shorter values are ignored.
    package mutating func add(secrets new: some Sequence<String>, shortest: Int = shortestSecret) {
        var all = Set(secrets)
        for secret in new where secret.utf8.count >= shortest {
            all.insert(secret)
            if let encoded = secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) { all.insert(encoded) }
            all.insert(String(JSONValue.string(secret).jsonText.dropFirst().dropLast()))
        }
        // The longest first: a secret that is a prefix of another would leave the rest of it.
        secrets = all.sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
    }

    package func redacted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .integer, .number: return value
        case .string(let text): return .string(redacted(text))
        case .array(let values): return .array(values.map { redacted($0) })
        case .object(let object):
            return .object(
                JSONObject(
                    object.members.map { member in
                        let goes = member.value != .null && SecretNames.contains(member.name, in: keys)
                        return .init(name: redacted(member.name), value: goes ? .string(Self.mark) : redacted(member.value))
                    }))
        }
    }

    package func redacted(_ text: String) -> String {
        // Usually a tool call's arguments.
        if text.utf8.count <= min(Self.jsonLimit, maxText * 64), let json = Self.json(in: text) {
            let found = redacted(json)
            if found != json { return cut(found.jsonText, length: text.utf8.count) }
        }
        let length = text.utf8.count
        // Examines more than is kept, so that a secret across the cut doesn't leave its beginning.
        let looked = length > maxText ? String(decoding: text.utf8.prefix(maxText + 4096), as: UTF8.self) : text
        return cut(withoutSecrets(looked), length: length)
    }

    private func withoutSecrets(_ text: String) -> String {
        var text = text
        for secret in secrets where text.contains(secret) { text = text.replacing(secret, with: Self.mark) }
        text = NamedSecrets(keys: keys).redacted(text)
        if text.contains("://"), let url = Self.credentials { text = Self.replacing(url, in: text, with: "$1\(Self.mark)@") }
        text = KnownKeys.redacted(text)
        for expression in patterns { text = Self.replacing(expression, in: text, with: Self.mark) }
        return text
    }

    /// `user:password@` in a URL; the first group is the scheme. Its length is limited because a search begins at every word.
    private static let credentials = try? NSRegularExpression(
        pattern: #"(?i)\b([a-z][a-z0-9+.-]{0,63}+://)(?!\[REDACTED\])[^\s/?#"'`<>:@]*+:[^\s/?#"'`<>]*@"#)

    static func replacing(_ expression: NSRegularExpression, in text: String, with template: String) -> String {
        let whole = NSRange(text.startIndex..., in: text)
        guard expression.firstMatch(in: text, range: whole) != nil else { return text }
        return expression.stringByReplacingMatches(in: text, range: whole, withTemplate: template)
    }

    /// - Parameter length: the length of the original text in bytes.
    private func cut(_ text: String, length: Int) -> String {
        guard length > maxText else { return text }
        return String(decoding: text.utf8.prefix(maxText), as: UTF8.self) + "… (\(length) bytes)"
    }

    /// The JSON object or array that the whole text consists of.
    private static func json(in text: String) -> JSONValue? {
        let first = text.utf8.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\t") }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "["), let json = try? JSONValue(parsing: Array(text.utf8)) else { return nil }
        switch json {
        case .object, .array: return json
        default: return nil
        }
    }
}
