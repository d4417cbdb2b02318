import GatewayFormats
import JSON
import Testing

@Suite struct MessagesRequestTests {
    @Test func `A request is translated to a chat completion request`() throws {
        let request: JSONObject = [
            "model": "chat", "max_tokens": 100, "system": "Be short.", "messages": [["role": "user", "content": "Hi"]],
            "stop_sequences": ["END"], "temperature": 0.5, "top_p": 1, "top_k": 5, "metadata": ["user_id": "u"], "stream": true,
            "thinking": ["type": "enabled", "budget_tokens": 1024], "service_tier": "auto",
        ]
        #expect(
            try text(request) == """
                {"model":"chat","messages":[{"role":"system","content":"Be short."},{"role":"user","content":"Hi"}],\
                "max_completion_tokens":100,"stop":["END"],"temperature":0.5,"top_p":1,"user":"u","stream":true,\
                "stream_options":{"include_usage":true}}
                """)
    }

    @Test func `A request with only required members gets no other members`() throws {
        let request: JSONObject = [
            "model": "m", "max_tokens": 1, "messages": [["role": "user", "content": "Hi"]], "stream": false, "system": .null,
            "stop_sequences": [], "tools": [], "mcp_servers": [], "container": .null, "temperature": .null,
        ]
        #expect(try text(request) == #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"max_completion_tokens":1}"#)
    }

    @Test(arguments: [
        // Text blocks are joined to one string.
        (
            #"[{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}]"#,
            #"[{"role":"user","content":"a\n\nb"}]"#
        ),
        (
            """
            [{"role": "user", "content": [{"type": "text", "text": "What's this?"},
              {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AA=="}},
              {"type": "image", "source": {"type": "url", "url": "https://e.org/a.png"}}]}]
            """,
            """
            [{"role":"user","content":[{"type":"text","text":"What's this?"},\
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},\
            {"type":"image_url","image_url":{"url":"https://e.org/a.png"}}]}]
            """
        ),
        // Thinking blocks are dropped, the blocks of a text are joined, and a tool's result follows its call.
        (
            """
            [{"role": "user", "content": "Weather?"},
             {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm", "signature": "s"},
              {"type": "redacted_thinking", "data": "x"}, {"type": "text", "text": "I'll "}, {"type": "text", "text": "look."},
              {"type": "tool_use", "id": "t1", "name": "weather", "input": {"city": "Bonn"}},
              {"type": "tool_use", "id": "t2", "name": "time", "input": {}}]},
             {"role": "user", "content": [{"type": "text", "text": "And?"},
              {"type": "tool_result", "tool_use_id": "t1", "content": "rain"},
              {"type": "tool_result", "tool_use_id": "t2", "content": [{"type": "text", "text": "no clock"}], "is_error": true}]}]
            """,
            """
            [{"role":"user","content":"Weather?"},\
            {"role":"assistant","content":"I'll look.","tool_calls":[\
            {"id":"t1","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Bonn\\"}"}},\
            {"id":"t2","type":"function","function":{"name":"time","arguments":"{}"}}]},\
            {"role":"tool","tool_call_id":"t1","content":"rain"},\
            {"role":"tool","tool_call_id":"t2","content":"The tool call failed.\\n\\nno clock"},\
            {"role":"user","content":"And?"}]
            """
        ),
        // A result without content, and one with an image, which OpenAI only accepts in user messages.
        (
            """
            [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1"},
              {"type": "tool_result", "tool_use_id": "t2", "content": [
                {"type": "image", "source": {"type": "url", "url": "https://e.org/a.png"}}]}]}]
            """,
            """
            [{"role":"tool","tool_call_id":"t1","content":""},\
            {"role":"tool","tool_call_id":"t2","content":"The images are in the next user message."},\
            {"role":"user","content":[{"type":"text","text":"Images returned by the tool for the call t2:"},\
            {"type":"image_url","image_url":{"url":"https://e.org/a.png"}}]}]
            """
        ),
        // Messages with only calls have no text; empty messages are dropped.
        (
            """
            [{"role": "user", "content": "x"}, {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm"}]},
             {"role": "user", "content": []}, {"role": "user", "content": ""},
             {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f"}]}]
            """,
            """
            [{"role":"user","content":"x"},{"role":"assistant","content":null,"tool_calls":[\
            {"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]}]
            """
        ),
    ])
    func `Blocks are translated to messages`(messages: String, expected: String) throws {
        let request: JSONObject = ["model": "m", "max_tokens": 1, "messages": try JSONValue(parsing: messages)]
        #expect(try MessagesRequest.openAI(request)["messages"]?.jsonString == expected)
    }

    @Test func `System blocks are joined to one message`() throws {
        let blocks: JSONValue = [
            ["type": "text", "text": "a", "cache_control": ["type": "ephemeral"]], ["type": "text", "text": ""],
            ["type": "text", "text": "b"],
        ]
        #expect(try openAI(["system": blocks])["messages"]?.arrayValue?.first == ["role": "system", "content": "a\n\nb"])
    }

    @Test(
        arguments: [
            (#"{"type": "auto"}"#, #""auto""#, nil), (#"{"type": "any"}"#, #""required""#, nil),
            (#"{"type": "none"}"#, #""none""#, nil),
            (#"{"type": "tool", "name": "f"}"#, #"{"type":"function","function":{"name":"f"}}"#, nil),
            (#"{"type": "auto", "disable_parallel_tool_use": true}"#, #""auto""#, false),
        ] as [(String, String, Bool?)])
    func `Tools and the tool choice are translated`(choice: String, expected: String, parallel: Bool?) throws {
        let schema: JSONValue = ["type": "object", "properties": ["a": ["type": "string"]]]
        let body = try openAI([
            "tools": [
                ["name": "f", "description": "does", "input_schema": schema, "cache_control": ["type": "ephemeral"]],
                ["type": "custom", "name": "g", "input_schema": ["type": "object"], "strict": true],
            ], "tool_choice": try JSONValue(parsing: choice),
        ])
        let expectedTools: JSONValue = [
            ["type": "function", "function": ["name": "f", "description": "does", "parameters": schema]],
            ["type": "function", "function": ["name": "g", "parameters": ["type": "object"], "strict": true]],
        ]
        #expect(body["tools"] == expectedTools)
        #expect(body["tool_choice"]?.jsonString == expected)
        #expect(body["parallel_tool_calls"]?.boolValue == parallel)
    }

    @Test(arguments: ["output_config", "output_format"])
    func `A response schema is translated to OpenAI's response_format`(name: String) throws {
        let format: JSONValue = ["type": "json_schema", "schema": ["type": "object"]]
        let body = try openAI([name: name == "output_config" ? ["effort": "low", "format": format] : format])
        #expect(body["response_format"]?["json_schema"]?["schema"] == ["type": "object"])
    }

    @Test func `A user ID is truncated to the length that OpenAI accepts`() throws {
        let body = try openAI(["metadata": ["user_id": .string(String(repeating: "é", count: 200))]])
        #expect(body["user"]?.stringValue?.count == 64)
    }

    @Test(arguments: [
        (#"{"model": null}"#, "model: Field required"), (#"{"model": 3}"#, "model: Input should be a valid string"),
        (#"{"max_tokens": null}"#, "max_tokens: Field required"),
        (#"{"max_tokens": 0}"#, "max_tokens: Input should be greater than or equal to 1"),
        (#"{"max_tokens": "5"}"#, "max_tokens: Input should be a valid integer"),
        (#"{"messages": null}"#, "messages: Field required"), (#"{"messages": {}}"#, "messages: Input should be a valid list"),
        (#"{"messages": []}"#, "messages: At least one message with content is required"),
        (#"{"messages": [3]}"#, "messages.0: Input should be an object"),
        (#"{"messages": [{"role": "system", "content": "x"}]}"#, "messages.0.role: Input should be 'user' or 'assistant'"),
        (#"{"messages": [{"role": "user"}]}"#, "messages.0.content: Field required"),
        (#"{"messages": [{"role": "user", "content": 3}]}"#, "messages.0.content: Input should be a valid list"),
        (#"{"messages": [{"role": "user", "content": [{}]}]}"#, "messages.0.content.0.type: Field required"),
        (
            #"{"messages": [{"role": "user", "content": [{"type": "text", "text": 1}]}]}"#,
            "messages.0.content.0.text: Input should be a valid string"
        ),
        (
            #"{"messages": [{"role": "user", "content": [{"type": "document", "source": {}}]}]}"#,
            "messages.0.content.0.type: This endpoint's provider does not support blocks of type 'document'"
        ),
        (
            #"{"messages": [{"role": "assistant", "content": [{"type": "server_tool_use"}]}]}"#,
            "messages.0.content.0.type: This endpoint's provider does not support blocks of type 'server_tool_use'"
        ),
        (
            #"{"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "file", "file_id": "f"}}]}]}"#,
            "messages.0.content.0.source.type: Files are stored by Anthropic, and this endpoint's provider can't read them"
        ),
        (
            #"{"messages": [{"role": "user", "content": [{"type": "image"}]}]}"#,
            "messages.0.content.0.source: Field required"
        ),
        (
            #"{"messages": [{"role": "user", "content": [{"type": "tool_result", "content": "x"}]}]}"#,
            "messages.0.content.0.tool_use_id: Field required"
        ),
        (
            """
            {"messages": [{"role": "user", "content": [
              {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "document"}]}]}]}
            """,
            "messages.0.content.0.content.0.type: This endpoint's provider does not support blocks of type 'document'"
        ),
        (
            #"{"messages": [{"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f", "input": []}]}]}"#,
            "messages.0.content.0.input: Input should be an object"
        ),
        (#"{"system": 3}"#, "system: Input should be a valid list"),
        (#"{"system": [{"type": "image"}]}"#, "system.0.type: Input should be 'text'"),
        (#"{"temperature": 1.5}"#, "temperature: Input should be between 0 and 1"),
        (#"{"temperature": "1"}"#, "temperature: Input should be a valid number"),
        (#"{"top_p": NaN}"#, "top_p: Input should be between 0 and 1"),
        (#"{"top_k": 1.5}"#, "top_k: Input should be a valid integer"),
        (#"{"stop_sequences": "x"}"#, "stop_sequences: Input should be a valid list"),
        (#"{"stop_sequences": ["x", 1]}"#, "stop_sequences.1: Input should be a valid string"),
        (#"{"stream": "true"}"#, "stream: Input should be a valid boolean"),
        (#"{"metadata": 3}"#, "metadata: Input should be an object"),
        (#"{"metadata": {"user_id": 3}}"#, "metadata.user_id: Input should be a valid string"),
        (
            #"{"tools": [{"type": "web_search_20250305", "name": "web_search"}]}"#,
            "tools.0.type: 'web_search_20250305' is not a custom tool, and only Anthropic's models support it"
        ),
        (#"{"tools": [{"name": "f"}]}"#, "tools.0.input_schema: Field required"),
        (#"{"tools": [{"input_schema": {}}]}"#, "tools.0.name: Field required"),
        (#"{"tool_choice": {"type": "auto"}}"#, "tool_choice: It may only be specified while providing tools"),
        (
            #"{"tools": [{"name": "f", "input_schema": {}}], "tool_choice": {"type": "x"}}"#,
            "tool_choice.type: Input should be 'auto', 'any', 'tool' or 'none'"
        ),
        (
            #"{"tools": [{"name": "f", "input_schema": {}}], "tool_choice": {"type": "tool"}}"#,
            "tool_choice.name: Field required"
        ),
        (
            #"{"mcp_servers": [{"url": "x"}]}"#,
            "mcp_servers: This endpoint's provider does not support this parameter. Use an Anthropic endpoint"
        ),
    ])
    func `An error names the invalid member by its path`(changes: String, message: String) throws {
        let changes = try #require(try JSONValue(parsing: changes).objectValue)
        let error = try #require(throws: MessagesError.self) { _ = try openAI(changes) }
        #expect(error == .invalid("\(message)"))
    }

    /// Translates a small request with additional members.
    private func openAI(_ changes: JSONObject) throws -> JSONObject {
        var request: JSONObject = ["model": "m", "max_tokens": 1, "messages": [["role": "user", "content": "Hi"]]]
        for member in changes.members { request[member.name] = member.value }
        return try MessagesRequest.openAI(request)
    }

    private func text(_ request: JSONObject) throws -> String { JSONValue.object(try MessagesRequest.openAI(request)).jsonString }
}
