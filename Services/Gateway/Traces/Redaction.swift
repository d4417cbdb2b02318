internal import Foundation
internal import JSON

/// Takes out of requests and answers what nobody is to read in a trace.
struct Redaction: Sendable {
    static let mark = "[REDACTED]"

    /// Names of JSON members, lower case, whose values go.
    var keys: Set<String>
    /// What goes from all texts.
    var patterns: [NSRegularExpression]
    /// Bytes that a text may have; images and files are longer.
    var maxText: Int

    /// Names that hold secrets in most people's data.
    static let usualKeys: Set<String> = [
        "api_key", "apikey", "api-key", "authorization", "password", "passwd", "secret", "client_secret", "access_token", "refresh_token",
        "private_key", "aws_secret_access_key", "aws_session_token",
    ]

    /// The forms of keys that providers give out, and of this gateway's own.
    static let usualPatterns: [NSRegularExpression] = [
        // OpenAI, Anthropic, DeepSeek, OpenRouter, Stripe, and ours.
        #"\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}"#,
        #"\b(?:gsk|hf|xai|r8|pplx|tgp|nvapi|dapi)[-_]?[A-Za-z0-9_-]{24,}"#,
        #"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"#,
        #"\bAIza[0-9A-Za-z_-]{35}"#,
        #"\bgh[pousr]_[A-Za-z0-9]{20,}"#,
        #"\bxox[abposr]-[A-Za-z0-9-]{10,}"#,
        // A signed token, and what stands behind Bearer.
        #"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"#,
        #"(?i)\bbearer\s+[A-Za-z0-9._~+/-]{16,}=*"#,
        #"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)"#,
    ].compactMap { try? NSRegularExpression(pattern: $0) }

    func redacted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .integer, .number: return value
        case .string(let text): return .string(redacted(text))
        case .array(let values): return .array(values.map(redacted))
        case .object(let object):
            return .object(
                JSONObject(
                    object.members.map { member in
                        let goes = keys.contains(member.name.lowercased())
                        return .init(name: redacted(member.name), value: goes ? .string(Self.mark) : redacted(member.value))
                    }))
        }
    }

    func redacted(_ text: String) -> String {
        var text = text
        let length = text.utf8.count
        // A secret that stands across the cut must not leave its beginning: so some more is looked at.
        if length > maxText { text = String(decoding: text.utf8.prefix(maxText + 4096), as: UTF8.self) }
        for pattern in patterns {
            let whole = NSRange(text.startIndex..., in: text)
            guard pattern.firstMatch(in: text, range: whole) != nil else { continue }
            text = pattern.stringByReplacingMatches(in: text, range: whole, withTemplate: Self.mark)
        }
        guard length > maxText else { return text }
        return String(decoding: text.utf8.prefix(maxText), as: UTF8.self) + "… (\(length) bytes)"
    }
}
