import GatewayFormats
import JSON
import Testing

@Suite struct MessagesAnswerTests {
    @Test func `An answer becomes a message`() throws {
        let answer: JSONObject = [
            "id": "chatcmpl-1", "model": "gpt", "choices": [["index": 0, "message": ["content": "Hi"], "finish_reason": "stop"]],
            "usage": [
                "prompt_tokens": 10, "completion_tokens": 3, "total_tokens": 13, "prompt_tokens_details": ["cached_tokens": 4],
            ],
        ]
        #expect(
            JSONValue.object(try MessagesAnswer.anthropic(answer)).pythonText == """
                {"content":[{"text":"Hi","type":"text"}],"id":"msg_chatcmpl-1","model":"gpt","role":"assistant",\
                "stop_reason":"end_turn","stop_sequence":null,"type":"message",\
                "usage":{"cache_creation_input_tokens":0,"cache_read_input_tokens":4,"input_tokens":6,"output_tokens":3}}
                """)
    }

    @Test(arguments: [
        (#"{"content": "Hi"}"#, #"[{"type":"text","text":"Hi"}]"#), (#"{"content": null}"#, "[]"), (#"{"content": ""}"#, "[]"),
        (#"{"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}"#, #"[{"type":"text","text":"ab"}]"#),
        (#"{"content": null, "refusal": "No."}"#, #"[{"type":"text","text":"No."}]"#),
        (
            #"{"content": "x", "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": "{\"a\": 1}"}}]}"#,
            #"[{"type":"text","text":"x"},{"type":"tool_use","id":"c","name":"f","input":{"a":1}}]"#
        ),
        (
            #"{"tool_calls": [{"function": {"name": "f", "arguments": ""}}, {"function": {"name": "g", "arguments": {"a": 1}}}]}"#,
            """
            [{"type":"tool_use","id":"toolu_1_0","name":"f","input":{}},\
            {"type":"tool_use","id":"toolu_1_1","name":"g","input":{"a":1}}]
            """
        ),
        (
            #"{"tool_calls": [{"id": "c", "function": {"name": "f", "arguments": "{\"a"}}]}"#,
            #"[{"type":"tool_use","id":"c","name":"f","input":{"INVALID_JSON":"{\"a"}}]"#
        ),
    ])
    func `A message's parts become blocks`(message: String, expected: String) throws {
        let answer: JSONObject = ["id": "msg_1", "choices": [["message": try JSONValue(parsing: message)]]]
        #expect(try MessagesAnswer.anthropic(answer)["content"]?.jsonText == expected)
    }

    @Test(arguments: [
        ("stop", "{}", "end_turn"), ("length", "{}", "max_tokens"), ("content_filter", "{}", "refusal"),
        ("other", "{}", "end_turn"),
        ("tool_calls", #"{"tool_calls": [{"function": {"name": "f"}}]}"#, "tool_use"),
        ("stop", #"{"tool_calls": [{"function": {"name": "f"}}]}"#, "tool_use"),
        ("length", #"{"tool_calls": [{"function": {"name": "f"}}]}"#, "max_tokens"), ("stop", #"{"refusal": "No."}"#, "refusal"),
    ])
    func `A reason to stop has Anthropic's name`(reason: String, message: String, expected: JSONValue) throws {
        let choice: JSONValue = ["message": try JSONValue(parsing: message), "finish_reason": .string(reason)]
        #expect(try MessagesAnswer.anthropic(["choices": [choice]])["stop_reason"] == expected)
    }

    @Test(arguments: ["{}", #"{"choices": []}"#, #"{"choices": [{"message": "x"}]}"#, #"{"choices": {}}"#])
    func `An answer without a message is the provider's fault`(answer: String) throws {
        let answer = try #require(try JSONValue(parsing: answer).objectValue)
        #expect(throws: MessagesError(status: 502, "The provider's answer has no message")) { try MessagesAnswer.anthropic(answer) }
    }
}
