import JSON
import Testing

@Suite struct NestedJSONParserTests {
    @Test func `All strings together may have as many nodes as one document`() {
        var reader = NestedJSONParser(limits: JSONLimits(maximumNodes: 6))
        #expect(reader.value("[1,2]") == [1, 2])
        #expect(reader.value("[1,2,3]") == nil)
        #expect(reader.value("not JSON") == nil)
        #expect(reader.value("[1,2]") == [1, 2])
        #expect(reader.value("1") == nil)
    }

    @Test(arguments: ["1", "[]", #"{"a":[1,{"b":null}]}"#])
    func `The node count of a value equals the parser's`(text: String) throws {
        let count = try JSONValue(parsing: text).nodeCount
        #expect(throws: Never.self) { try JSONValue(parsing: text, limits: JSONLimits(maximumNodes: count)) }
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text, limits: JSONLimits(maximumNodes: count - 1)) }
    }
}
