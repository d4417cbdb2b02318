import JSON
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        "null", "true", "[1,2.5,\"x\"]", "{\"a\":{\"b\":[]},\"c\":-7}", "\"\\u0001\\\"\\\\\\n\"", "1e+30", "9223372036854775807",
        "\"größe 数据\"",
    ])
    func `Documents round-trip`(text: String) throws {
        #expect(try JSONValue(parsing: text).jsonString == text)
    }

    @Test(arguments: [
        ("\"\\u00e9\\ud83d\\ude00\\/\"", "é😀/"), ("\"\\ud83d\"", "\u{FFFD}"), ("\"\\ud83dx\"", "\u{FFFD}x"), ("\"a\\tb\"", "a\tb"),
    ])
    func `Escapes become characters, and a lone surrogate becomes the replacement character`(text: String, expected: String) throws {
        #expect(try JSONValue(parsing: text) == .string(expected))
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\" 1}", "01", "1.", "-", "nul", "\"abc", "\"\\x\"", "\"\u{1}\"", "{} x", "{a:1}", "'a'",
    ])
    func `Invalid JSON is rejected`(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
    }

    @Test func `Deep nesting is rejected and doesn't overflow the stack`() {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: String(repeating: "[", count: 1_000_000)) }
    }

    @Test func `Invalid UTF-8 is rejected`() {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
    }

    @Test func `Random bytes don't crash the parser`() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("{}[]\",:\\u0123456789eE+-.truefalsnN Infity\u{0}\u{7F}".utf8) + [0x80, 0xC3, 0xFF]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            #expect(throws: Never.self) { try JSONValue(parsing: value.jsonString) }
        }
    }

    @Test func `A field without a value and an empty array are omitted`() {
        var json = JSONWriter()
        json.object { json in
            json.field("a", String?.none)
            json.field("b", [String]())
            json.field("c", Int64.min)
            json.field("d", Double.nan)
            json.field("e", "")
        }
        #expect(String(decoding: json.bytes, as: UTF8.self) == "{\"c\":-9223372036854775808,\"d\":\"NaN\",\"e\":\"\"}")
    }

    @Test(arguments: [
        #"{"a":1,"b":{"c":[1,2,"x\n\u00e9"]},"usage":{"n":3}}"#, #"{}"#, #" { "usage" : null , "é" : "ü" } "#,
        #"{"x":[[],{}],"usage":"\"" }"#,
    ])
    func `Partial parsing returns the same members`(text: String) throws {
        let whole = try JSONValue(parsing: text).objectValue
        let part = try JSONObject(parsing: Array(text.utf8), members: ["usage"])
        #expect(part?.members == whole?.members.filter { $0.name == "usage" })
    }

    @Test(arguments: [
        #"{"a":}"#, #"{"a":1,}"#, #"{"a":"x"#, #"{"a":[1,]}"#, #"{"a":tru}"#, #"{"a":1}x"#, #"{"a":"\q"}"#, "{\"a\":\"\u{1}\"}",
        #"{"a":{1:2}}"#,
        String(repeating: #"{"a":"#, count: 200),
    ])
    func `Partial parsing rejects invalid JSON, too`(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONObject(parsing: Array(text.utf8), members: ["usage"]) }
    }

    @Test func `Partial parsing rejects arrays, and invalid UTF-8 in skipped members`() throws {
        #expect(try JSONObject(parsing: Array("[1]".utf8), members: ["a"]) == nil)
        let bytes = Array(#"{"a":""#.utf8) + [0xFF] + Array(#""}"#.utf8)
        #expect(throws: JSONSyntaxError.self) { try JSONObject(parsing: bytes, members: ["usage"]) }
    }
}
