import JSON
import Testing

/// The byte ranges of an object's members.
@Suite struct MemberTests {
    private func members(_ text: String) throws -> [String]? {
        let bytes = Array(text.utf8)
        return try bytes.withUnsafeBufferPointer { buffer in
            try JSONValue.members(of: buffer)?.map { "\($0.name)=\(String(decoding: buffer[$0.value], as: UTF8.self))" }
        }
    }

    @Test func `Values stay as they are written`() throws {
        #expect(
            try members(#" {"a" : 1.50, "b":{"c":[ 1,2 ]},"\u0064":"\ud800\n"} "#) == ["a=1.50", #"b={"c":[ 1,2 ]}"#, #"d="\ud800\n""#])
        #expect(try members("{}") == [])
    }

    @Test func `If a name is repeated, the last member counts`() throws {
        #expect(try members(#"{"model":"a","n":1,"model":"b"}"#) == ["n=1", #"model="b""#])
    }

    @Test func `Only objects have members, and invalid JSON is rejected`() throws {
        #expect(try members("[1]") == nil)
        for text in ["", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":1} x"#, #"{"a":[}"#] {
            #expect(throws: JSONSyntaxError.self, "\(text)") { try members(text) }
        }
    }

    @Test func `Setting a member keeps its position`() {
        var object: JSONObject = ["a": 1, "b": 2, "a": 3]
        object["b"] = 4
        object["c"] = 5
        object["a"] = 6
        #expect(object.members.map(\.name) == ["b", "c", "a"])
        #expect(object["a"] == 6)
        object["b"] = nil
        #expect(object.members.map(\.name) == ["c", "a"])
    }
}
