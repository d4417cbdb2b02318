import Primitives
import SearchFilter
import TestSupport
import Testing
import WireProtocol

@testable import Tracking

@Suite struct TraceTextTests {
    @Test func `Times are limited to protobuf's years`() {
        #expect(ProtobufTime.text(UnixMilliseconds(.max)) == "9999-12-31T23:59:59.999Z")
        #expect(ProtobufTime.text(UnixMilliseconds(.min)) == "0001-01-01T00:00:00Z")
        #expect(ProtobufTime.time("10000-01-01T00:00:00Z") == nil && ProtobufTime.time("0000-01-01T00:00:00Z") == nil)
        var random = SplitMix64(seed: 4)
        for _ in 0..<2000 {
            let time = UnixMilliseconds(.random(in: -62_135_596_800_000...253_402_300_799_999, using: &random))
            #expect(ProtobufTime.time(ProtobufTime.text(time)) == time)
        }
    }

    @Test(arguments: [("0s", 0 as Int64), ("1.500s", 1500), ("-0.021s", -21), ("3600s", 3_600_000)])
    func `Durations are parsed and formatted`(duration: (text: String, milliseconds: Int64)) {
        #expect(ProtobufTime.duration(duration.text) == Milliseconds(duration.milliseconds))
        #expect(ProtobufTime.durationText(Milliseconds(duration.milliseconds)) == duration.text)
        #expect(ProtobufTime.duration("1.5") == nil && ProtobufTime.duration("s") == nil)
        #expect(ProtobufTime.duration("0.0210005s") == Milliseconds(21))
        #expect(ProtobufTime.durationText(Milliseconds(.min)).hasPrefix("-"))
    }

    @Test(arguments: [
        ("abc", "xxabcx", true), ("^abc$", "abc", true), ("^abc$", "xabc", false), ("a.c", "abc", true), ("a.c", "a\nc", false),
        ("(?s)a.c", "a\nc", true), ("a*b+c?", "bbb", true), ("^(foo|bar)+$", "foobarfoo", true), ("^(foo|bar)+$", "foobaz", false),
        ("[a-c]{2,3}", "xxab", true), ("^[^a-c]+$", "xyz", true), ("^[^a-c]+$", "xaz", false), ("\\d{3}-\\d{2}", "call 123-45", true),
        ("\\bcat\\b", "a cat sat", true), ("\\bcat\\b", "concatenate", false), ("(?i)GRÖSSE", "größe grösse", true), ("", "", true),
        ("^$", "x", false), ("a|", "b", true), ("x{0}y", "y", true), ("^a{3}$", "aa", false),
        ("\\.json$", "file.json", true), ("(?:ab)*?c", "ababc", true), ("(?P<name>a)b", "ab", true), ("\\w+@\\w+", "bob@home", true),
        ("(?=a)ab", "ab", true), ("[\\d\\-x]+", "-", true),
    ])
    func `Regular expressions match as in Python`(search: (pattern: String, text: String, found: Bool)) throws {
        #expect(try #require(RegularExpression(search.pattern)).matches(search.text) == search.found)
    }

    @Test(arguments: [
        "(", ")", "[", "a**", "*", "\\1", "\\", "[z-a]", String(repeating: "(", count: 500), String(repeating: "a", count: 1001),
    ])
    func `An invalid regular expression is rejected`(pattern: String) {
        #expect(RegularExpression(pattern) == nil)
    }

    @Test func `No pattern takes long or traps`() throws {
        let text = String(repeating: "a", count: 45) + "b"
        let start = ContinuousClock.now
        let endless = try #require(RegularExpression("(a+)+$"))
        #expect(throws: FilterError.self) { try endless.matches(text) }
        #expect(throws: FilterError.self) { try endless.matches("a") }
        #expect(ContinuousClock.now - start < .seconds(10))
        var random = SplitMix64(seed: 5)
        for _ in 0..<5000 {
            let pattern = String(
                (0..<Int.random(in: 0..<12, using: &random)).map { _ in "ab()[]{}|*+?^$\\.-,12d".randomElement(using: &random) ?? "a" })
            _ = try? RegularExpression(pattern)?.matches("abab12-d")
        }
    }

    @Test func `A preview is the text of the last message, or the truncated value`() {
        func preview(_ json: String, _ role: String = "user") -> String? {
            TracePreview.preview(of: (try? JSONValue(parsing: json)).map(AttributeValue.init), role: role)
        }
        #expect(preview(#"{"q": "hé", "n": [1, 2.5]}"#) == #"{"q": "hé", "n": [1, 2.5]}"#)
        #expect(preview(#"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#) == "a")
        #expect(preview(#"{"choices":[{"message":{"role":"assistant","content":[{"type":"text","text":"c"}]}}]}"#, "assistant") == "c")
        #expect(preview(#"{"request":{"input":[{"role":"user","content":"d"}]}}"#) == "d")
        #expect(preview(#"{"messages":[]}"#) == #"{"messages": []}"#)
        #expect(preview("null") == nil)
        #expect(preview("\"\(String(repeating: "ü", count: 2000))\"").map { $0.unicodeScalars.count } == 1000)
    }
}
