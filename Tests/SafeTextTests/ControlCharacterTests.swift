import JSON
import SafeText
import Testing

@Suite struct ControlCharacterTests {
    @Test(arguments: [
        ("a\nb", #"a\nb"#), ("a\r\nb", #"a\r\nb"#), ("a\tb", #"a\tb"#), ("a\0b", #"a\u0000b"#), ("\u{1B}[31mred", #"\u001b[31mred"#),
        ("\u{7F}", #"\u007f"#), ("\u{9B}31m", #"\u009b31m"#), ("\u{85}", #"\u0085"#), ("a\u{2028}b\u{2029}", #"a\u2028b\u2029"#),
        ("\u{202E}txt.exe", #"\u202etxt.exe"#), ("\u{2066}a\u{2069}", #"\u2066a\u2069"#), ("\u{061C}\u{200F}", #"\u061c\u200f"#),
        ("\u{8}", #"\u0008"#),
    ])
    func `Characters that forge lines, control terminals or reorder text are escaped`(text: String, expected: String) {
        #expect(text.escapingControls() == expected)
    }

    @Test(arguments: ["", "plain", #"C:\new "quoted""#, "größe 漢字 😀 👩‍👩‍👧", "Ж…—“é", "\u{A0}\u{A1}\u{2027}\u{202F}\u{2065}\u{206A}"])
    func `Other text is unchanged`(text: String) {
        #expect(text.escapingControls() == text)
    }

    @Test func `Line breaks can be kept`() {
        #expect("a\nb\r\u{1B}".escapingControls(keepsLineBreaks: true) == "a\nb\\r\\u001b")
    }

    @Test func `JSON keeps its values`() throws {
        let value: JSONValue = ["a\u{9B}\u{202E}": "\n\u{1B}\u{7F}\u{2028}\"\\ 😀"]
        let line = value.jsonString.escapingControls()
        #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0.value != 0x9B && $0.value != 0x202E })
        #expect(try JSONValue(parsing: Array(line.utf8)) == value)
    }
}
