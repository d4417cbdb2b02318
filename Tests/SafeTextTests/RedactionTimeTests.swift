import SafeText
import Testing

/// The time of redaction, which runs on event loops over text from clients and providers.
@Suite struct RedactionTimeTests {
    /// Text for which a search that restarts at every position takes quadratic time.
    private static let hostile: [(name: String, unit: String)] = [
        ("blanks", " "), ("line feeds", "\n"), ("tabs and line feeds", "\t\n"), ("stack frames", "at x("),
        ("frames of .NET", " at a() in "), ("dots", "... 1"), ("schemes", "a."), ("schemes with dashes", "a-b+"), ("tokens", "-eyJ"),
        ("tokens with dots", "-eyJaaaaaaaa."), ("keys", "-sk-"), ("Bearer", "bearer  "), ("PEM", "-----BEGIN "), ("paths", "/@"),
        ("roots", "/usr/="), ("backslashes", "\\"), ("Windows paths", "C:\\a\\"), ("names", "token:"),
        ("redacted values", "token:'[REDACTED"), ("separators", "a:  "), ("users", "u:"), ("URLs", "a://b:"), ("brackets", "{["),
        ("escaped quotes", "\\\""), ("lists", "api_key:["), ("calls", "api_key:a("), ("labels", "\"api_key\",\"value\":"),
        ("elements", "<password>"), ("ends of tags", "a>"), ("cookies", "cookie:a=b;"), ("users of curl", " -u a:"),
        ("words", "password: abc "), ("URLs with slashes", "a://b:c/"), ("percents", "%25"), ("escapes", "\\u005c"),
        ("entities", "&amp;"), ("beginnings of a secret", "aaaaaaaa"), ("relative paths", "../"), ("names of files", "a/a."),
        ("shares", "\\\\ab\\"), ("home directories", "~a/"), ("panics", "thread '"), ("frames of Rust", "1: a\n at b"),
        ("evaluations", " at a (eval at"), ("JSON in JSON", "[\"["),
    ]

    /// Secrets as in a configuration.
    private static let redaction: Redaction = {
        var redaction = Redaction.standard
        let many = (0..<500).map { "aaaaaaaa\($0)" }
        redaction.add(secrets: ["aaaaaaaaab", "aaaaaaaaaaaaaaaaaaaaaaaaaaaac", "%25%25%25", "\\u005c\\u005c!"] + many)
        return redaction
    }()

    @Test(arguments: hostile)
    func `Redaction takes linear time`(name: String, unit: String) {
        for text in [unit, "://" + unit, unit + "://"] {
            let long = "://" + String(repeating: unit, count: 20_000 / unit.utf8.count) + text
            let time = ContinuousClock().measure {
                _ = Self.redaction.redacted(long)
                _ = Self.redaction.redacted(error: long)
                _ = Self.redaction.withoutKnownSecrets(Array(long.utf8))
            }
            // Milliseconds in a release build, where quadratic time would be most of a minute.
            #expect(time < .seconds(10), "\(name)")
        }
    }
}
