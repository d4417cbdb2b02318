package import Foundation
package import JSON

/// Removes secrets from everything that leaves the process: traces, logs, and other programs' errors.
package struct Redaction: Sendable {
    /// The replacement for each secret.
    package static let placeholder = "[REDACTED]"

    /// The names, in lower case, whose values are removed.
    package var keys: Set<String>
    /// Additional patterns to remove from all strings, besides API keys in well-known formats.
    package var patterns: [NSRegularExpression]
    /// The maximum length of a string in bytes. Longer ones, such as images and files, are truncated.
    package var maxTextBytes: Int
    private var secrets = KnownSecrets()

    package init(keys: Set<String> = defaultKeys, patterns: [NSRegularExpression] = [], maxTextBytes: Int = 1 << 20) {
        self.keys = keys
        self.patterns = patterns
        self.maxTextBytes = maxTextBytes
    }

    /// The default secret names.
    package static var defaultKeys: Set<String> { SecretNames.defaults }

    /// The redaction without additional names, patterns and known secrets.
    package static let standard = Redaction()

    /// The maximum length of a string that is parsed as JSON, in bytes. Longer ones are searched as plain text.
    private static let jsonLimit = 1 << 20

    /// The minimum length of a known secret in bytes. Shorter values may be ordinary words, such as `none` or `EMPTY` if no key is needed.
    package static let minimumSecretLength = 6

    /// Adds known secrets, which are removed from all texts in any encoding.
    ///
    /// - Parameter minimumLength: the minimum length in bytes; shorter values are ignored.
    package mutating func add(secrets new: some Sequence<String>, minimumLength: Int = minimumSecretLength) {
        secrets.add(new, minimumLength: minimumLength)
    }

    /// Redacts the values of secret names and all strings in a JSON value.
    package func redacted(_ value: JSONValue) -> JSONValue { redacted(value) { redacted($0) } }

    /// Redacts the values of secret names and applies a function to the other strings.
    func redacted(_ value: JSONValue, _ text: (String) -> String) -> JSONValue {
        switch value {
        case .null, .bool, .integer, .number: return value
        case .string(let string): return .string(text(string))
        case .array(let values):
            // A header in a Python or JavaScript list: ["authorization", "Bearer …"].
            if values.count == 2, let name = values[0].stringValue, case .string = values[1], SecretNames.isHeader(name) {
                return [values[0], .string(Self.placeholder)]
            }
            return .array(values.map { redacted($0, text) })
        case .object(let object):
            let hasSecretName = object.members.contains {
                SecretNames.isLabel($0.name) && $0.value.stringValue.map { SecretNames.contains($0, in: keys) } ?? false
            }
            return .object(
                JSONObject(
                    object.members.map { member in
                        let isSecret = SecretNames.contains(member.name, in: keys) || hasSecretName && SecretNames.isValue(member.name)
                        let isRedacted = isSecret && member.value != .null
                        return .init(
                            name: text(member.name), value: isRedacted ? .string(Self.placeholder) : redacted(member.value, text))
                    }))
        }
    }

    /// Redacts a string. If it contains a JSON object or array, redacts the values in it.
    package func redacted(_ text: String) -> String {
        // JSON in a string is usually a tool call's arguments.
        if text.utf8.count <= min(Self.jsonLimit, maxTextBytes * 64), let json = Self.json(in: text) {
            let found = redacted(json)
            if found != json { return cut(found.jsonString, length: text.utf8.count) }
        }
        // Examines more than is kept, so that the beginning of a secret at the cut doesn't remain.
        let (inspected, isCut) = text.truncated(toBytes: maxTextBytes + 4096)
        return cut(withoutSecrets(inspected, isCut: isCut), length: text.utf8.count)
    }

    /// Removes only the known secrets, for text that must otherwise remain unchanged.
    ///
    /// - Parameter isCut: whether the text is truncated, so that its last bytes may be the beginning of a secret.
    package func withoutKnownSecrets(_ text: [UInt8], isCut: Bool = false) -> [UInt8] {
        let ranges = secrets.ranges(in: text, isCut: isCut)
        return ranges.isEmpty ? text : EscapeLayers.replacing(ranges, in: text, with: Self.placeholder)
    }

    private func withoutSecrets(_ text: String, isCut: Bool) -> String {
        var bytes = withoutKnownSecrets(Array(text.utf8), isCut: isCut)
        let users = URLUserInfo.ranges(in: bytes)
        if !users.isEmpty { bytes = EscapeLayers.replacing(users, in: bytes, with: Self.placeholder) }
        var text = NamedSecrets(keys: keys).redacted(String(decoding: bytes, as: UTF8.self))
        text = APIKeyScanner.redacted(text)
        for expression in patterns { text = Self.replacing(expression, in: text, with: Self.placeholder) }
        return text
    }

    static func replacing(_ expression: NSRegularExpression, in text: String, with template: String) -> String {
        let whole = NSRange(text.startIndex..., in: text)
        guard expression.firstMatch(in: text, range: whole) != nil else { return text }
        return expression.stringByReplacingMatches(in: text, range: whole, withTemplate: template)
    }

    /// - Parameter length: the length of the original text in bytes.
    func cut(_ text: String, length: Int? = nil) -> String {
        let length = length ?? text.utf8.count
        guard length > maxTextBytes else { return text }
        return text.truncated(toBytes: maxTextBytes).text + "… (\(length) bytes)"
    }

    /// The JSON object or array that the text contains; `nil` if it isn't JSON.
    static func json(in text: String) -> JSONValue? {
        let first = text.utf8.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\t") }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "["), let json = try? JSONValue(parsing: Array(text.utf8)) else {
            return nil
        }
        switch json {
        case .object, .array: return json
        default: return nil
        }
    }
}

extension String {
    /// The first bytes, without a partial character at the end, and whether the text is longer.
    func truncated(toBytes limit: Int) -> (text: String, isCut: Bool) {
        guard utf8.count > limit else { return (self, false) }
        var end = utf8.index(startIndex, offsetBy: limit)
        while end > startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return (String(self[..<end]), true)
    }
}
