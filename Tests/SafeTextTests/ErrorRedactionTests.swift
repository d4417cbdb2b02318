import JSON
import SafeText
import Testing

/// Redaction of internals in other programs' errors.
@Suite struct ErrorRedactionTests {
    private func shown(_ text: String) -> String { Redaction.standard.redacted(error: text) }

    @Test func `The error of a Python traceback remains`() {
        let text = """
            Internal error
            Traceback (most recent call last):
              File "/usr/lib/python3/dist-packages/server.py", line 12, in answer
                raise ValueError(key)
            ValueError: no such model

            During handling of the above exception, another exception occurred:

            Traceback (most recent call last):
              File "/app/main.py", line 3, in <module>
                run()
            RuntimeError: it failed
            """
        #expect(shown(text) == "Internal error\nValueError: no such model\nRuntimeError: it failed")
        #expect(shown(text.replacing("\n", with: "\\n")) == "Internal error\nValueError: no such model\nRuntimeError: it failed")
        #expect(shown(text.replacing("\n", with: " ")) == "Internal error ")
    }

    @Test(arguments: [
        "boom\n\tat com.acme.Store.read(Store.java:12)\n\tat java.base/java.lang.Thread.run(Thread.java:829)\n\t... 12 more",
        "boom\n    at Object.<anonymous> (/app/x.js:1:2)\n    at async run (file:///srv/x.mjs:3:4)\n    at /app/y.js:5:6",
        "boom at com.acme.A.b(A.java:1) at com.acme.C.d(Native Method)",
        "boom\n   at Acme.Store.Read(String name) in /src/Store.cs:line 12",
        "boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:12 +0x1d",
        "boom\n#0 /var/www/x.php(12): read()\n#1 {main}",
        "boom\n  File \"/app/x.py\", line 3, in f\n    g()",
        "boom\n    at foo (/app/a.js:1:2)\n    at eval (eval at <anonymous> (/app/x.js:1:2), <anonymous>:1:1)",
        "boom\n    at eval (eval at x (x), <anonymous>:1:1)\n    at y (/app/a.js:1:2)",
    ])
    func `Stack frames are removed`(text: String) {
        let found = shown(text)
        #expect(found.hasPrefix("boom"))
        #expect(found.filter { !$0.isWhitespace } == "boom", "\(found)")
    }

    @Test(arguments: [
        ("can't open /usr/share/models/x.bin: no such file", "can't open [path]: no such file"),
        ("at line 3 of '/home/alice/app.yaml'", "at line 3 of '[path]'"), ("in /x/y/server.py:12", "in [path]:12"),
        ("see ~/x.py, ~bob/y and ~", "see [path], [path] and ~"), ("see ./src/a.py or ../x.py: no", "see [path] or [path]: no"),
        (#"can't read \\srv\share\x.txt"#, "can't read [path]"), (#"can't read \\\\srv\\share\\x.txt, said"#, "can't read [path], said"),
        ("in src/server/main.rs:3:5", "in [path]:3:5"),
        ("file:///etc/passwd is", "[path] is"), (#"C:\Users\alice\x.txt is"#, "[path] is"), (#"C:\\Users\\alice is"#, "[path] is"),
    ])
    func `File paths are removed`(text: String, expected: String) {
        #expect(shown(text) == expected)
    }

    @Test(arguments: [
        "Invalid URL (POST /v1/chat/completions)", "see https://platform.openai.com/docs/data/x.html", "Use and/or, 1/2 or 24/7.",
        "This model's maximum context length is 4097 tokens.", "the ratio (a/b) must be at most (3:4)", "at least one of (a, b)",
        "use ./v1/chat or ../v1/models", "approximately ~5/10 tokens", #"a line break is \\nfoo\\nbar"#, "see docs/guide.md",
        "thread 'main' is busy",
        "1: first\n2: second", "node.js and a/b.py are files",
    ])
    func `Text that helps the client remains`(text: String) {
        #expect(shown(text) == text)
    }

    @Test func `The reason of a Rust panic remains`() {
        let text = """
            thread 'main' panicked at src/main.rs:3:5:
            boom
            stack backtrace:
               0: rust_begin_unwind
                         at /rustc/abc/library/std/src/panicking.rs:1:2
               1: server::main
                         at ./src/main.rs:3:5
            note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
            """
        #expect(shown(text) == "boom\n")
        #expect(shown("thread 'main' panicked at 'boom', src/main.rs:3:5") == "'boom', [path]:3:5")
    }

    @Test func `A stack trace inside JSON is removed too`() throws {
        let trace = "Traceback (most recent call last):\n  File \"/a/b.py\", line 3, in f\n    inside()\nValueError: x"
        let text = (["tb": .string(trace), "n": 1] as JSONValue).jsonString
        #expect(shown(text) == #"{"tb":"ValueError: x","n":1}"#)
        #expect(shown((["a": .string(text)] as JSONValue).jsonString).contains("inside") == false)
    }

    @Test func `No part of a secret across the limit of examined text remains`() {
        var redaction = Redaction.standard
        let secret = "Zq7WmX4tRb9KfLp2VhNc8JsYd3GaUe6T"
        redaction.add(secrets: [secret])
        // The text before it is removed, so that the end of the examined text becomes visible.
        let trace = "Traceback (most recent call last):\n" + String(repeating: "  File \"/a/b.py\", line 3, in f\n", count: 3000)
        for place in stride(from: (64 << 10) - 40, through: 64 << 10, by: 1) {
            let text = trace.prefix(place - 20) + "\nValueError: \(secret) \(secret)"
            #expect(!redaction.redacted(error: String(text)).contains("Zq7"), "\(place)")
        }
    }

    @Test func `A secret that contains a path is removed completely`() {
        var redaction = Redaction.standard
        redaction.add(secrets: ["/opt/abc;rest-of-it"])
        #expect(redaction.redacted(error: "wanted /opt/abc;rest-of-it, got /opt/x") == "wanted [REDACTED], got [path]")
    }

    @Test func `An error with a million strings is examined partially`() {
        let value = JSONValue.array(Array(repeating: "/etc/x/y (a)", count: 100_000))
        var found: JSONValue = .null
        let time = ContinuousClock().measure { found = Redaction.standard.redacted(error: value) }
        #expect(found.arrayValue?.first == "[path] (a)" && found.arrayValue?.last == "…")
        #expect(time < .seconds(10))
    }

    @Test func `Each string of an error's JSON is redacted, and a long one truncated`() {
        let value: JSONValue = ["message": "can't read /etc/x/y", "api_key": "abc", "code": 5]
        #expect(Redaction.standard.redacted(error: value) == ["message": "can't read [path]", "api_key": "[REDACTED]", "code": 5])
        #expect(shown(String(repeating: "x", count: 100_000)).utf8.count < 2100)
    }
}
