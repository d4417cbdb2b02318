import JSON
import Testing

@Suite struct JSONLimitsTests {
    private func excess(_ text: String, _ limits: JSONLimits) -> JSONLimits.Kind? {
        do throws(JSONSyntaxError) {
            _ = try JSONValue(parsing: text, limits: limits)
            return nil
        } catch {
            return error.limit
        }
    }

    @Test(arguments: [
        ("1", 1), ("[]", 1), ("{}", 1), ("[1,2]", 3), (#"{"a":1}"#, 3), (#"{"a":[1,{"b":null}]}"#, 7), (#"[{"":0},{"":0}]"#, 7),
    ])
    func `Every value and every member name is a node`(text: String, nodes: Int) {
        #expect(excess(text, JSONLimits(maximumNodes: nodes)) == nil)
        #expect(excess(text, JSONLimits(maximumNodes: nodes - 1)) == .nodes)
    }

    @Test func `Parsing stops at the first excess node`() {
        // The rest isn't JSON, but is never reached.
        let text = "[" + String(repeating: "0,", count: 100) + "?"
        let error = #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text, limits: JSONLimits(maximumNodes: 50)) }
        #expect(error?.limit == .nodes)
        #expect(error?.offset == 99)
        #expect(error?.description == "more than 50 values and member names at byte 99")
    }

    @Test func `A document may be as deep and as long as the limits allow`() {
        #expect(excess("[[1]]", JSONLimits(maximumDepth: 3)) == nil)
        #expect(excess("[[1]]", JSONLimits(maximumDepth: 2)) == .depth)
        #expect(excess("[[1]]", JSONLimits(maximumBytes: 5)) == nil)
        #expect(excess("[[1]]", JSONLimits(maximumBytes: 4)) == .bytes)
        #expect(excess("[[1]", JSONLimits()) == nil)
    }

    @Test func `No limit allows a depth that could overflow the stack`() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(excess(deep, JSONLimits(maximumDepth: .max)) == .depth)
        #expect(excess(deep, .trusted) == .depth)
        let depth = JSONLimits.maximumSupportedDepth
        let allowed = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect((try? JSONValue(parsing: allowed, limits: .trusted)) != nil)
    }

    @Test func `A trusted document may have any number of nodes`() throws {
        let text = "[" + String(repeating: "0,", count: 1_000_000) + "0]"
        #expect(excess(text, .standard) == .nodes)
        #expect(try JSONValue(parsing: text, limits: .trusted).arrayValue?.count == 1_000_001)
    }

    @Test func `Members that aren't kept don't count, and the others do`() throws {
        let text = Array(#"{"a":[1,2,3,{"x":4}],"usage":{"n":1}}"#.utf8)
        #expect(try JSONObject(parsing: text, members: ["usage"], limits: JSONLimits(maximumNodes: 4))?["usage"] == ["n": 1])
        #expect(throws: JSONSyntaxError.self) { try JSONObject(parsing: text, members: ["usage"], limits: JSONLimits(maximumNodes: 3)) }
        // Nesting uses the stack even if the value isn't kept.
        #expect(throws: JSONSyntaxError.self) { try JSONObject(parsing: text, members: [], limits: JSONLimits(maximumDepth: 3)) }
    }

    @Test func `The number of members of an object is bounded`() throws {
        let text = Array(#"{"a":1,"b":[1,2,3],"c":3}"#.utf8)
        func count(_ nodes: Int) throws -> Int? {
            try text.withUnsafeBufferPointer { try JSONValue.members(of: $0, limits: JSONLimits(maximumNodes: nodes))?.count }
        }
        #expect(try count(3) == 3)
        #expect(throws: JSONSyntaxError.self) { try count(2) }
    }
}
