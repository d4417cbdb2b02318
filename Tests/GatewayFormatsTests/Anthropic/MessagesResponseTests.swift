import GatewayFormats
import JSON
import Testing

@Suite struct MessagesResponseTests {
    @Test func `A response is translated to a message`() throws {
        let response: JSONObject = [
            "id": "chatcmpl-1", "model": "gpt", "choices": [["index": 0, "message": ["content": "Hi"], "finish_reason": "stop"]],
            "usage": [
                "prompt_tokens": 10, "completion_tokens": 3, "total_tokens": 13, "prompt_tokens_details": ["cached_tokens": 4],
            ],
        ]
        #expect(
            JSONValue.object(try MessagesResponse.anthropic(response)).pythonSortedJSON == """
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
    func `The parts of a message are translated to blocks`(message: String, expected: String) throws {
        let response: JSONObject = ["id": "msg_1", "choices": [["message": try JSONValue(parsing: message)]]]
        #expect(try MessagesResponse.anthropic(response)["content"]?.jsonString == expected)
    }

    @Test(arguments: [
        ("stop", "{}", "end_turn"), ("length", "{}", "max_tokens"), ("content_filter", "{}", "refusal"),
        ("other", "{}", "end_turn"),
        ("tool_calls", #"{"tool_calls": [{"function": {"name": "f"}}]}"#, "tool_use"),
        ("stop", #"{"tool_calls": [{"function": {"name": "f"}}]}"#, "tool_use"),
        ("length", #"{"tool_calls": [{"function": {"name": "f"}}]}"#, "max_tokens"), ("stop", #"{"refusal": "No."}"#, "refusal"),
    ])
    func `A finish reason is translated to Anthropic's stop reason`(reason: String, message: String, expected: JSONValue) throws {
        let choice: JSONValue = ["message": try JSONValue(parsing: message), "finish_reason": .string(reason)]
        #expect(try MessagesResponse.anthropic(["choices": [choice]])["stop_reason"] == expected)
    }

    @Test(arguments: [
        (
            #"{"prompt_tokens": 100, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 10, "cache_write_tokens": 30}}"#,
            #"{"input_tokens":60,"cache_creation_input_tokens":30,"cache_read_input_tokens":10,"output_tokens":5}"#
        ),
        (
            """
            {"prompt_tokens": 100, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 30,
            "cache_creation_token_details": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20}}}
            """,
            """
            {"input_tokens":70,"cache_creation_input_tokens":30,"cache_read_input_tokens":0,"output_tokens":5,\
            "cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20}}
            """
        ),
        (
            #"{"prompt_tokens": 10, "completion_tokens": 5, "prompt_cache_hit_tokens": 4}"#,
            #"{"input_tokens":6,"cache_creation_input_tokens":0,"cache_read_input_tokens":4,"output_tokens":5}"#
        ),
        // More than all prompt tokens.
        (
            #"{"prompt_tokens": 10, "prompt_tokens_details": {"cached_tokens": 8, "cache_write_tokens": 30}}"#,
            #"{"input_tokens":0,"cache_creation_input_tokens":2,"cache_read_input_tokens":8,"output_tokens":0}"#
        ),
    ])
    func `Prompt cache reads and writes are counted separately from the input`(usage: String, expected: String) throws {
        let response: JSONObject = ["choices": [["message": [:]]], "usage": try JSONValue(parsing: usage)]
        #expect(try MessagesResponse.anthropic(response)["usage"]?.jsonString == expected)
    }

    @Test(arguments: ["{}", #"{"choices": []}"#, #"{"choices": [{"message": "x"}]}"#, #"{"choices": {}}"#])
    func `A response without a message is an error of the provider`(response: String) throws {
        let response = try #require(try JSONValue(parsing: response).objectValue)
        #expect(throws: MessagesError(status: 502, "The provider's response has no message")) { try MessagesResponse.anthropic(response) }
    }
}
