internal import Foundation

/// Removes stack traces from other programs' errors.
enum StackTraces {
    /// The first line of a Python traceback. Indented lines follow, up to the line with the error.
    private static let pythonHead = "Traceback (most recent call last)"

    /// Stack frames of Java, JavaScript, .NET, Go, PHP, Ruby, Rust and Python, on separate lines or on one.
    ///
    /// A search must take linear time because anyone can send the text: a pattern that starts with whitespace matches only at the start of
    /// that whitespace (`(?<!\s)`, `^[ \t]*+`), and unbounded repetitions aren't nested.
    private static let frames: [NSRegularExpression] = [
        // at eval (eval at <anonymous> (/app/x.js:1:2), <anonymous>:1:1)
        #"(?<!\s)\s*+\bat\s++[^\s()]{1,300}\s\(eval at [^\n]{0,500}?:\d+:\d+\)(?=\s|$)"#,
        // at com.acme.Store.read(Store.java:12), at Object.<anonymous> (/app/x.js:1:2), at async run (file:///x.mjs:3:4)
        #"(?<!\s)\s*+\bat\s++(?:async\s+|new\s+)?[^\s()]{1,300}(?:\s\[as [^\]]{1,100}\])?\s?\((?:[^()\n]{1,300}\.\w{1,12}:\d+(?::\d+)?|index \d+|native method|unknown source|native|<anonymous>|anonymous)\)"#,
        // thread 'main' panicked at src/main.rs:3:5:
        #"thread '[^'\n]{1,100}' (?:\(\d{1,20}\) )?panicked at (?:[^\s:']{1,300}:\d+:\d+:?\s?)?"#,
        // 0: rust_begin_unwind at /rustc/abc/library/std/src/panicking.rs:1:2
        #"(?m)^[ \t]*+\d{1,4}: [^\s]{1,300}[ \t]*\n[ \t]+at [^\n]{1,300}:\d+(?::\d+)?$\n?"#,
        #"(?m)^stack backtrace:[ \t]*$\n?"#,
        #"(?m)^note: [^\n]{0,200}RUST_BACKTRACE[^\n]{0,200}$\n?"#,
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

    /// The text without stack traces. The line with the error of a Python traceback remains.
    static func removed(from text: String) -> String {
        // Every frame contains one of these characters.
        guard text.utf8.contains(where: { "(:#.".utf8.contains($0) }) else { return text }
        var text = text
        if text.contains(pythonHead) { text = withoutPythonTrace(text) }
        for expression in frames { text = Redaction.replacing(expression, in: text, with: "") }
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
}
