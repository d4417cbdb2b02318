internal import Foundation

/// The forms that secrets have in texts.
enum SecretPatterns {
    /// Keys that providers give out, and this gateway's own.
    static let keys: [NSRegularExpression] = [
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

    /// Values under names: the first group of each is what stays. Quantifiers that can run over a long value are possessive, since the
    /// library gives up on a text that makes it remember too much.
    static let values: [NSRegularExpression] = {
        let name =
            #"(?:api[-_ ]?key|authorization|passw(?:or)?d|passphrase|secret(?:[-_ ]?(?:token|key|access[-_ ]?key))?|"#
            + #"(?:access|refresh|auth|id|session|security|bearer)[-_]?token|private[-_]?key|access[-_]?key(?:[-_]?id)?|"#
            + #"subscription[-_]?key|connection[-_]?string|cookie)"#
        // What follows the scheme, or stands alone; what was taken out before is left as it is.
        let scheme = #"(?:(?:bearer|basic|digest|token|api-?key|negotiate|hmac)\s+)?+"#
        let header = "(?:authorization|x-[a-z-]*key|api-key|cookie)"
        let token = #"(?!\[REDACTED\])[^\s"'`,;&)\]}<>\\]"#
        return [
            // In JSON and in Python's form of it, and in a string that holds JSON.
            #"(?i)("# + name + #"["']?\s*[:=]\s*b?")(?:[^"\\]++|\\.)*+"#,
            #"(?i)("# + name + #"["']?\s*[:=]\s*b?')(?:[^'\\]++|\\.)*+"#,
            // Python's lists of headers.
            #"(?i)("# + header + #"["']\s*,\s*b?["'])[^"'\\]*+"#,
            #"(?i)("# + name + #"\\+["']\s*[:=]\s*\\+["'])(?:(?!\\+["'])[\s\S])*+"#,
            // Amazon's signature has blanks in it.
            #"(?i)(authorization["']?\s*[:=]\s*)AWS4-HMAC-SHA256[^"'\r\n]*+"#,
            // A variable or a parameter, a header.
            #"(?i)("# + name + #"\s*=\s*)"# + scheme + token + "{4,}+",
            #"(?i)("# + header + #"["']?\s*:\s*)"# + scheme + token + "{6,}+",
            // Where it may be a sentence about one, a word isn't taken for it.
            #"(?i)("# + name + #"["']?\s*:\s*)"# + scheme + "(?=" + token + "*(?:[0-9]|" + token + "{16}))" + token + "{6,}+",
            #"(?i)([?&](?:key|token|sig|signature|x-amz-[a-z-]+)=)(?!\[REDACTED\])[^\s&"'`<>]++"#,
        ].compactMap { try? NSRegularExpression(pattern: $0) }
    }()

    /// `user:password@` of a URL; the first group is the scheme.
    static let credentials: [NSRegularExpression] = [#"(?i)\b([a-z][a-z0-9+.-]*+://)(?!\[REDACTED\])[^\s/?#"'`<>:@]*+:[^\s/?#"'`<>]*@"#]
        .compactMap { try? NSRegularExpression(pattern: $0) }
}
