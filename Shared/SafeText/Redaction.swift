package import Foundation
package import JSON

/// Removes secrets from what leaves the process: traces, logs, and errors that other programs wrote.
package struct Redaction: Sendable {
    package static let placeholder = "[REDACTED]"

    /// The names, in lower case, whose values are removed.
    package var keys: Set<String>
    /// What is removed from all texts, in addition to keys in well-known formats.
    package var patterns: [NSRegularExpression]
    /// Bytes that a text may have; images and files are longer.
    package var maxTextBytes: Int
    private var secrets = KnownSecrets()

    package init(keys: Set<String> = defaultKeys, patterns: [NSRegularExpression] = [], maxTextBytes: Int = 1 << 20) {
        self.keys = keys
        self.patterns = patterns
        self.maxTextBytes = maxTextBytes
    }

    package static var defaultKeys: Set<String> { SecretNames.defaults }

    /// The redaction that applies to every text.
    package static let standard = Redaction()

    /// The size limit for parsing a text as JSON, in bytes; longer ones are searched as plain text.
    private static let jsonLimit = 1 << 20

    /// Shorter values may be ordinary words: people write `none` or `EMPTY` where no key is needed.
    package static let minimumSecretLength = 6

    /// Adds known secrets, which are removed wherever they stand, however they are escaped.
    ///
    /// - Parameter minimumLength: the minimum length in bytes; shorter values are ignored.
    package mutating func add(secrets new: some Sequence<String>, minimumLength: Int = minimumSecretLength) { secrets.add(new, minimumLength: minimumLength) }

    package func redacted(_ value: JSONValue) -> JSONValue { redacted(value) { redacted($0) } }

    /// Redacts the values of secret names, and applies a function to the other texts.
    func redacted(_ value: JSONValue, _ text: (String) -> String) -> JSONValue {
        switch value {
        case .null, .bool, .integer, .number: return value
        case .string(let string): return .string(text(string))
        case .array(let values):
            // A header as Python and JavaScript list it: ["authorization", "Bearer …"].
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

    package func redacted(_ text: String) -> String {
        // Usually a tool call's arguments.
        if text.utf8.count <= min(Self.jsonLimit, maxTextBytes * 64), let json = Self.json(in: text) {
            let found = redacted(json)
            if found != json { return cut(found.jsonString, length: text.utf8.count) }
        }
        // Examines more than is kept, so that a secret across the cut doesn't leave its beginning.
        let (inspected, isCut) = text.truncated(toBytes: maxTextBytes + 4096)
        return cut(withoutSecrets(inspected, isCut: isCut), length: text.utf8.count)
    }

    /// A text without the known secrets only: for text that must stay as it is otherwise.
    ///
    /// - Parameter isCut: whether the text isRedacted on, so that its last bytes may be the beginning of a secret.
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

    /// The JSON object or array that the whole text consists of.
    static func json(in text: String) -> JSONValue? {
        let first = text.utf8.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\t") }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "["), let json = try? JSONValue(parsing: Array(text.utf8)) else { return nil }
        switch json {
        case .object, .array: return json
        default: return nil
        }
    }
}

extension String {
    /// The first bytes, without part of a character at their end, and whether more follow.
    func truncated(toBytes limit: Int) -> (text: String, isCut: Bool) {
        guard utf8.count > limit else { return (self, false) }
        var end = utf8.index(startIndex, offsetBy: limit)
        while end > startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return (String(self[..<end]), true)
    }
}
