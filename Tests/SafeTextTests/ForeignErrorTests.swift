import JSON
import SafeText
import Testing

/// What other programs' errors show of their inside.
@Suite struct ForeignErrorTests {
    private func shown(_ text: String) -> String { Redaction.standard.redacted(error: text) }

    @Test func `Of Python's trace, the error stays`() {
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
    ])
    func `Frames of stacks go`(text: String) {
        let found = shown(text)
        #expect(found.hasPrefix("boom"))
        #expect(found.filter { !$0.isWhitespace } == "boom", "\(found)")
    }

    @Test(arguments: [
        ("can't open /usr/share/models/x.bin: no such file", "can't open [path]: no such file"),
        ("at line 3 of '/home/alice/app.yaml'", "at line 3 of '[path]'"), ("in /x/y/server.py:12", "in [path]:12"),
        ("file:///etc/passwd is", "[path] is"), (#"C:\Users\alice\x.txt is"#, "[path] is"), (#"C:\\Users\\alice is"#, "[path] is"),
    ])
    func `Paths of files go`(text: String, expected: String) {
        #expect(shown(text) == expected)
    }

    @Test(arguments: [
        "Invalid URL (POST /v1/chat/completions)", "see https://platform.openai.com/docs/data/x.html", "Use and/or, 1/2 or 24/7.",
        "This model's maximum context length is 4097 tokens.", "the ratio (a/b) must be at most (3:4)", "at least one of (a, b)",
    ])
    func `What helps the client stays`(text: String) {
        #expect(shown(text) == text)
    }

    @Test func `Each text of an error's JSON is cleaned, and a long one cut`() {
        let value: JSONValue = ["message": "can't read /etc/x/y", "api_key": "abc", "code": 5]
        #expect(Redaction.standard.redacted(error: value) == ["message": "can't read [path]", "api_key": "[REDACTED]", "code": 5])
        #expect(shown(String(repeating: "x", count: 100_000)).utf8.count < 2100)
    }
}
