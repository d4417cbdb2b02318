import SafeText
import Testing

/// Redaction runs on event loops, over text that clients and providers choose.
@Suite struct RedactionTimeTests {
    /// Text on which a search that starts anew at every place takes quadratic time.
    private static let hostile: [(name: String, unit: String)] = [
        ("blanks", " "), ("line feeds", "\n"), ("tabs and line feeds", "\t\n"), ("stack frames", "at x("), ("frames of .NET", " at a() in "),
        ("dots", "... 1"), ("schemes", "a."), ("schemes with dashes", "a-b+"), ("tokens", "-eyJ"), ("tokens with dots", "-eyJaaaaaaaa."),
        ("keys", "-sk-"), ("Bearer", "bearer  "), ("PEM", "-----BEGIN "), ("paths", "/@"), ("roots", "/usr/="), ("backslashes", "\\"),
        ("Windows paths", "C:\\a\\"), ("names", "token:"), ("redacted values", "token:'[REDACTED"), ("separators", "a:  "),
        ("users", "u:"), ("URLs", "a://b:"), ("brackets", "{["), ("escaped quotes", "\\\""),
    ]

    @Test(arguments: hostile)
    func `The time that redaction takes is linear in the length of a text`(name: String, unit: String) {
        for text in [unit, "://" + unit, unit + "://"] {
            let long = "://" + String(repeating: unit, count: 20_000 / unit.utf8.count) + text
            let time = ContinuousClock().measure {
                _ = Redaction.standard.redacted(long)
                _ = Redaction.standard.redacted(error: long)
            }
            // Milliseconds in a release, where quadratic time would be most of a minute.
            #expect(time < .seconds(10), "\(name)")
        }
    }
}
