import JSON
import Testing

/// The estimated memory of a document before it is parsed.
@Suite struct JSONFootprintTests {
    @Test(arguments: [
        ("1", 1), ("[]", 1), ("[ ]", 1), ("[1,2,3]", 4), ("[[],{},[[]]]", 5), (#"{"a":1,"b":[2,3]}"#, 7), (#""a,b[{\"c,[""#, 1),
        (#"{"a,b":"c\\","d":{}}"#, 5), ("", 1),
        (#""no end,[{"#, 1), (#""\"#, 1),
    ])
    func `Values are counted, but not the contents of strings`(_ text: String, _ nodes: Int) {
        #expect(JSONFootprint(of: text.utf8).nodes == nodes)
        if let value = try? JSONValue(parsing: text) { #expect(value.nodeCount == nodes) }
    }

    @Test func `Counting stops at the limit`() {
        let footprint = JSONFootprint(of: Array(repeating: UInt8(ascii: "["), count: 1 << 20), maximumNodes: 1000)
        #expect(footprint.nodes == 1001)
    }

    @Test func `Each object counts for more memory than its few bytes`() {
        let text = "[" + Array(repeating: #"{"":0}"#, count: 1000).joined(separator: ",") + "]"
        #expect(JSONFootprint(of: text.utf8).memory > 1000 * 224)
        #expect(JSONFootprint(of: text.utf8).memory < 1000 * 400)
    }
}
