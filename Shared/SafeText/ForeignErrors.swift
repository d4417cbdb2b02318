internal import Foundation
package import JSON

/// Cleaning of errors that other programs wrote: their stack traces and file paths are of no use outside, and help attackers.
extension Redaction {
    /// The size limit for a cleaned error, in bytes.
    private static let errorLimit = 2000
    /// How many bytes of an error are examined: more than the limit, because a stack trace may precede the reason.
    private static let lookedAt = 64 << 10

    /// An error that another program wrote, without secrets, stack traces and file paths.
    package func redacted(error text: String) -> String {
        var short = self
        short.maxText = min(maxText, Self.errorLimit)
        let looked = String(decoding: text.utf8.prefix(Self.lookedAt), as: UTF8.self)
        return short.redacted(Self.withoutPaths(Self.withoutStack(looked)))
    }

    // MARK: Stack traces

    /// The first line of a Python traceback. Indented lines follow, up to the line with the error.
    private static let pythonHead = "Traceback (most recent call last)"

    /// Stack frames of Java, JavaScript, .NET, Go, PHP, Ruby and Python, on separate lines or all on one.
    ///
    /// The time that a search takes must be linear in the length of the text, which anyone can send: a pattern that begins with a run of
    /// blanks begins at its start only (`(?<!\s)`, `^[ \t]*+`), and no repetition of unlimited length begins inside another.
    private static let frames: [NSRegularExpression] = [
        // at com.acme.Store.read(Store.java:12), at Object.<anonymous> (/app/x.js:1:2), at async run (file:///x.mjs:3:4)
        #"(?<!\s)\s*+\bat\s++(?:async\s+|new\s+)?[^\s()]{1,300}(?:\s\[as [^\]]{1,100}\])?\s?\((?:[^()\n]{1,300}\.\w{1,12}:\d+(?::\d+)?|index \d+|native method|unknown source|native|<anonymous>|anonymous)\)"#,
        // at /app/x.js:1:2
        #"(?<!\s)\s*+\bat\s++(?:file://)?/?[^\s()]{1,300}\.(?:m?js|cjs|tsx?):\d+:\d+"#,
        // at Acme.Store.Read() in /src/Store.cs:line 12
        #"(?<!\s)\s*+\bat\s++[^\s()]{1,300}\([^()\n]{0,300}\)\s+in\s+[^\n]{1,300}?:line \d+"#,
        #"(?<!\s)\s*+\.\.\. \d+ (?:more|common frames omitted)"#,
        // goroutine 1 [running]: main.main() /app/main.go:12 +0x1d
        #"goroutine \d+ \[[^\]\n]{1,100}\]:[\s\S]*"#,
        #"(?m)^[ \t]*+#\d+ [^\n]{0,300}(?:\.php|\{main\}|\[internal function\])[^\n]{0,300}$\n?"#,
        #"(?m)^[ \t]*+(?:from )?[^\s:]{1,300}\.rb:\d+:in [^\n]{0,300}$\n?"#,
        #"(?m)^[ \t]*+File "[^"\n]{1,300}", line \d+[^\n]{0,300}$\n?(?:^[ \t]+[^\n]{0,1000}$\n?)?"#,
    ].compactMap { try? NSRegularExpression(pattern: $0, options: .caseInsensitive) }

    private static func withoutStack(_ text: String) -> String {
        var text = text
        if text.contains(pythonHead) { text = withoutPythonTrace(text) }
        for expression in frames { text = replacing(expression, in: text, with: "") }
        return text
    }

    private static func withoutPythonTrace(_ text: String) -> String {
        // A quoted traceback has escaped line breaks.
        let text = text.contains("\n") ? text : text.replacing("\\r\\n", with: "\n").replacing("\\n", with: "\n")
        var kept: [Substring] = []
        var isInTrace = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let head = line.range(of: pythonHead) {
                isInTrace = true
                let before = line[..<head.lowerBound]
                if before.contains(where: { !$0.isWhitespace && $0 != "|" && $0 != "+" }) { kept.append(before) }
                continue
            }
            if line.hasPrefix("During handling of the above") || line.hasPrefix("The above exception was") { continue }
            if isInTrace {
                // Exception groups are drawn with | and +.
                let isFrame = line.first.map { $0.isWhitespace || $0 == "|" || $0 == "+" } ?? true
                if isFrame { continue }
                isInTrace = false
            }
            kept.append(line)
        }
        let rest = kept.filter { $0.contains { !$0.isWhitespace } }.joined(separator: "\n")
        return rest.contains { !$0.isWhitespace } ? rest : "the program failed"
    }

    // MARK: Paths

    private static let paths: [NSRegularExpression] = [
        #"file://[^\s"'`<>,;()]++"#,
        // Paths below the usual folders for programs and data. The path of a URL follows a host, so it doesn't match.
        #"(?<![\w:/.~%@+-])/(?:usr|home|root|opt|var|srv|apps?|etc|tmp|mnt|data|workspace|work|build|src|lib|lib64|private|Users|proc|run|sys|code|nix|databricks|local_disk0|Library|Applications|s?bin|media|layers|vllm-workspace)/[^\s"'`,;:()<>\[\]{}|\\]++"#,
        // Source files and libraries anywhere.
        #"(?<![\w:/.~%@+-])(?:/[\w.@+~-]+)+\.(?:pyc?|java|jar|class|m?js|cjs|tsx?|go|rs|rb|php|cs|cc|cpp|swift|so|scala|kt)\b"#,
        #"\b[A-Za-z]:\\++(?:[^\s\\"'`<>|:,;()]++\\*+)++"#,
    ].compactMap { try? NSRegularExpression(pattern: $0) }

    private static func withoutPaths(_ text: String) -> String {
        var text = text
        for expression in paths { text = replacing(expression, in: text, with: "[path]") }
        return text
    }
}

extension Redaction {
    /// Applies `redacted(error:)` to every string in an error's JSON.
    package func redacted(error value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .integer, .number: return value
        case .string(let text): return .string(redacted(error: text))
        case .array(let values): return .array(values.map { redacted(error: $0) })
        case .object(let object):
            return .object(
                JSONObject(
                    object.members.map { member in
                        let goes = member.value != .null && SecretNames.contains(member.name, in: keys)
                        return .init(name: member.name, value: goes ? .string(Self.mark) : redacted(error: member.value))
                    }))
        }
    }
}
