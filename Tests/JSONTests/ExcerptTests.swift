import JSON
import Testing

@Suite struct ExcerptTests {
    @Test func `A short string is quoted completely, a long one up to the limit`() {
        #expect("abc".excerpt(3) == "abc")
        #expect("abcd".excerpt(3) == "abc…")
        #expect("".excerpt(0) == "")
        #expect(String(repeating: "é🦜", count: 1_000).excerpt().unicodeScalars.count == Excerpt.length + 1)
    }

    @Test(arguments: [
        "null", "[1,2,3]", #"{"b":[{}],"a":{"c":"é\n"}}"#, #"["ä","🦜",{"x":1.5,"a":true}]"#,
    ])
    func `A small value is quoted as Python writes it`(text: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(value.pythonExcerpt() == value.pythonSortedJSON)
    }

    @Test func `The excerpt of a large value is the beginning of its JSON`() throws {
        let values: [JSONValue] = [
            .string(String(repeating: "x", count: 10_000)), .array(.init(repeating: ["a": [1, 2]], count: 10_000)),
            ["b": .string(String(repeating: "é", count: 700)), "a": .array(.init(repeating: "text", count: 300))],
        ]
        for value in values { #expect(value.pythonExcerpt() == value.pythonSortedJSON.excerpt()) }
    }

    @Test func `Quoting a value with a million nodes is fast`() throws {
        let members = (0..<1_000_000).map { JSONObject.Member(name: "\($0)", value: .array(.init(repeating: 0, count: 2))) }
        let value = JSONValue.array([.object(JSONObject(members)), .object(JSONObject(members))])
        let duration = ContinuousClock().measure { #expect(value.pythonExcerpt().unicodeScalars.count == Excerpt.length + 1) }
        #expect(duration < .milliseconds(500))
    }

    @Test func `Quoting a deep value stops where the excerpt ends`() {
        var value: JSONValue = 1
        for _ in 0..<90 { value = .array([value, .string(String(repeating: "y", count: 100))]) }
        #expect(value.pythonExcerpt() == value.pythonSortedJSON.excerpt())
    }
}
