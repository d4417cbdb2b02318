import AdapterKit
import JSON
import Testing

@testable import BedrockAdapter

/// Strings of a request that contain JSON.
@Suite struct ToolArgumentTests {
    @Test func `Strings that contain JSON share the limit of the request around them`() {
        let messages: [JSONValue] = [["role": "user", "content": "x"]]
        #expect(messages[0].nodeCount == 5)
        var reader = NestedJSONParser(within: messages, limits: JSONLimits(maximumNodes: 8))
        #expect(reader.value("[1,2]") == [1, 2])
        #expect(reader.value("1") == nil)
        // The operator allows larger requests.
        var larger = NestedJSONParser(within: messages, limits: JSONLimits(maximumNodes: 4))
        #expect(larger.value("[1,2,3,4]") == [1, 2, 3, 4])
        #expect(larger.value("1") == nil)
    }

    @Test func `Tool arguments that exceed the limit together with the rest of the request are rejected`() throws {
        let arguments = #"{"a": [\#(String(repeating: "0,", count: 500))0]}"#
        let call: JSONValue = ["id": "t", "function": ["name": "f", "arguments": .string(arguments)]]
        func messages(beside count: Int) -> [JSONValue] {
            [
                ["role": "user", "content": "x", "extra": .array(Array(repeating: .null, count: count))],
                ["role": "assistant", "tool_calls": [call]],
            ]
        }
        #expect(try Conversation(messages(beside: 10)).turns.count == 2)
        #expect(throws: AdapterError.invalid("'messages[1].tool_calls[0].function.arguments' must be a JSON object")) {
            try Conversation(messages(beside: 999_900))
        }
    }
}
