import JSON
import Testing

/// Strings, which the parser reads eight bytes at a time.
@Suite struct StringParsingTests {
    /// A plain text of each length up to three words, with one character replaced.
    private static func texts(with character: String) -> [String] {
        (0..<24).flatMap { length in
            (0...length).map { position in
                String(repeating: "a", count: position) + character + String(repeating: "b", count: length - position)
            }
        }
    }

    @Test(arguments: ["", "é", "€", "😀", "\u{7F}", " ", "!", "#", "[", "]"])
    func `Plain characters are kept wherever they are`(character: String) throws {
        for text in Self.texts(with: character) {
            let value = try JSONValue(parsing: "[\"\(text)\", 1]")
            #expect(value.arrayValue == [.string(text), .integer(1)])
            let members = try #require(try JSONObject(parsing: Array("{\"a\": \"\(text)\", \"b\": 1}".utf8), members: ["b"]))
            #expect(members["b"] == .integer(1))
        }
    }

    @Test(arguments: [(#"\""#, "\""), (#"\\"#, "\\"), (#"\n"#, "\n"), (#"\u00e9"#, "é"), (#"\ud83d\ude00"#, "😀")])
    func `Escapes are decoded wherever they are`(escape: String, character: String) throws {
        for (escaped, text) in zip(Self.texts(with: escape), Self.texts(with: character)) {
            #expect(try JSONValue(parsing: "\"\(escaped)\"") == .string(text))
            let members = try JSONObject(parsing: Array("{\"a\": \"\(escaped)\", \"b\": 1}".utf8), members: ["b"])
            #expect(members?["b"] == .integer(1))
        }
    }

    @Test(arguments: [0x00, 0x01, 0x0A, 0x1F])
    func `Control characters are rejected at their position`(code: UInt8) throws {
        for text in Self.texts(with: String(Unicode.Scalar(code))) {
            let offset = try #require(text.utf8.firstIndex(of: code)).utf16Offset(in: text) + 1
            let error = #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: "\"\(text)\"") }
            #expect(error?.description == "unescaped control character in a string at byte \(offset)")
            #expect(throws: JSONSyntaxError.self) {
                try JSONObject(parsing: Array("{\"a\": \"\(text)\"}".utf8), members: ["b"])
            }
        }
    }

    @Test func `Invalid UTF-8 is rejected wherever it is`() {
        for length in 0..<24 {
            for position in 0...length {
                var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: length)
                bytes.insert(0xC3, at: position)
                let string = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
                #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: string) }
                #expect(throws: JSONSyntaxError.self) {
                    try JSONObject(parsing: Array("{\"a\":".utf8) + string + [UInt8(ascii: "}")], members: ["b"])
                }
            }
        }
    }

    @Test func `A string without an end is rejected at every length`() {
        for length in 0..<24 {
            let error = #expect(throws: JSONSyntaxError.self) {
                try JSONValue(parsing: "\"" + String(repeating: "a", count: length))
            }
            #expect(error?.description == "unterminated string at byte \(length + 1)")
        }
    }
}
