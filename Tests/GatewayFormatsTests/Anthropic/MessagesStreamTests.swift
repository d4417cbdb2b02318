import GatewayFormats
import JSON
import Testing

@Suite struct MessagesStreamTests {
    @Test func `Chunks are translated to events`() throws {
        let events = stream([
            #"{"id": "c1", "model": "gpt", "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]}"#,
            #"{"id": "c1", "model": "gpt", "choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": null}]}"#,
            #"{"id": "c1", "model": "gpt", "choices": [{"index": 0, "delta": {"content": "!"}}]}"#,
            #"{"id": "c1", "model": "gpt", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}"#,
            """
            {"id": "c1", "choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 2, \
            "prompt_tokens_details": {"cached_tokens": 4}}}
            """, "[DONE]",
        ])
        let usage = #"{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0}"#
        #expect(
            events.map { String(decoding: $0.bytes, as: UTF8.self) } == [
                """
                event: message_start
                data: {"type":"message_start","message":{"id":"msg_c1","type":"message","role":"assistant","model":"gpt",\
                "content":[],"stop_reason":null,"stop_sequence":null,"usage":\(usage)}}


                """,
                """
                event: content_block_start
                data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}


                """,
                """
                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}


                """,
                """
                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"!"}}


                """,
                """
                event: content_block_stop
                data: {"type":"content_block_stop","index":0}


                """,
                """
                event: message_delta
                data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},\
                "usage":{"input_tokens":5,"cache_creation_input_tokens":0,"cache_read_input_tokens":4,"output_tokens":2}}


                """,
                """
                event: message_stop
                data: {"type":"message_stop"}


                """,
            ])
    }

    @Test(arguments: [
        // As OpenAI sends them: the first delta has the ID and the name.
        [
            #"{"content": "I'll look."}"#,
            #"{"tool_calls": [{"index": 0, "id": "a", "type": "function", "function": {"name": "f", "arguments": ""}}]}"#,
            #"{"tool_calls": [{"index": 0, "function": {"arguments": "{\"x\""}}]}"#,
            #"{"tool_calls": [{"index": 0, "function": {"arguments": ":1}"}}]}"#,
            #"{"tool_calls": [{"index": 1, "id": "b", "function": {"name": "g", "arguments": "{\"y\":2}"}}]}"#,
        ],
        // Whole calls in one chunk, with arguments as objects.
        [
            """
            {"content": "I'll look.", "tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": {"x": 1}}},
              {"index": 1, "id": "b", "function": {"name": "g", "arguments": {"y": 2}}}]}
            """
        ],
        // All calls have the same index, or none.
        [
            #"{"content": "I'll look."}"#,
            #"{"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": "{\"x\":1}"}}]}"#,
            #"{"tool_calls": [{"index": 0, "id": "b", "function": {"name": "g", "arguments": "{\"y\":"}}]}"#,
            #"{"tool_calls": [{"index": 0, "function": {"arguments": "2}"}}]}"#,
        ],
        [
            #"{"content": "I'll look."}"#, #"{"tool_calls": [{"id": "a", "function": {"name": "f", "arguments": "{\"x\":"}}]}"#,
            #"{"tool_calls": [{"function": {"arguments": "1}"}}]}"#,
            #"{"tool_calls": [{"id": "b", "function": {"name": "g", "arguments": "{\"y\":2}"}}]}"#,
        ],
        // The name arrives late, the ID in every delta, and the last delta is empty.
        [
            #"{"content": "I'll look."}"#, #"{"tool_calls": [{"index": 0, "id": "a", "function": {"arguments": "{\"x\""}}]}"#,
            #"{"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f"}}]}"#,
            #"{"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": ":1}"}}]}"#,
            #"{"tool_calls": [{"index": 1, "id": "b", "function": {"name": "g", "arguments": "{\"y\":2}"}}]}"#,
            #"{"content": "", "tool_calls": [{"index": 0, "function": {"arguments": ""}}, {}]}"#,
        ],
    ])
    func `Tool calls are translated to blocks, however a provider streams them`(deltas: [String]) throws {
        let chunks = deltas.map { "{\"id\": \"c\", \"choices\": [{\"index\": 0, \"delta\": \($0)}]}" }
        let end = #"{"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]}"#
        let reader = read(chunks + [end])
        #expect(reader.violations == [])
        #expect(reader.error == nil)
        #expect(
            reader.message["content"]?.jsonString == """
                [{"type":"text","text":"I'll look."},{"type":"tool_use","id":"a","name":"f","input":{"x":1}},\
                {"type":"tool_use","id":"b","name":"g","input":{"y":2}}]
                """)
        #expect(reader.message["stop_reason"] == "tool_use")
    }

    @Test func `Text after a tool call is a separate block, and a call without an ID gets one`() throws {
        let reader = read([
            #"{"id": "c", "choices": [{"delta": {"tool_calls": [{"index": 0, "function": {"name": "f"}}]}}]}"#,
            #"{"id": "c", "choices": [{"delta": {"content": "done"}, "finish_reason": "length"}]}"#,
        ])
        #expect(reader.violations == [])
        #expect(
            reader.message["content"]?.jsonString == """
                [{"type":"tool_use","id":"toolu_c_0","name":"f","input":{}},{"type":"text","text":"done"}]
                """)
        #expect(reader.message["stop_reason"] == "max_tokens")
    }

    @Test func `Arguments for a finished tool call are an error`() {
        let reader = read([
            #"{"choices": [{"delta": {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f"}}]}}]}"#,
            #"{"choices": [{"delta": {"tool_calls": [{"index": 1, "id": "b", "function": {"name": "g"}}]}}]}"#,
            #"{"choices": [{"delta": {"content": "x", "tool_calls": [{"index": 0, "function": {"arguments": "{}"}}]}}]}"#,
        ])
        #expect(reader.violations == [])
        #expect(reader.error?["type"] == "api_error")
    }

    @Test(
        arguments: [
            ([], nil, "end_turn"), ([#"{"choices": []}"#], nil, "end_turn"),
            ([#"{"choices": [{"delta": {"content": "x"}}]}"#], "x", "end_turn"),
            ([#"{"choices": [{"index": 1, "delta": {"content": "y"}}, {"index": 0, "delta": {"content": "x"}}]}"#], "x", "end_turn"),
            ([#"{"choices": [{"delta": {"refusal": "No."}, "finish_reason": "stop"}]}"#], "No.", "refusal"),
            ([#"{"choices": [{"delta": {"content": "x"}, "finish_reason": "content_filter"}]}"#], "x", "refusal"),
            ([#"{"choices": [{"delta": {"content": [{"type": "text", "text": "x"}]}}]}"#], "x", "end_turn"),
        ] as [([String], String?, JSONValue)])
    func `A stream that ends early or has little content is translated to a complete stream`(
        chunks: [String], text: String?, stopReason: JSONValue
    ) {
        let reader = read(chunks)
        #expect(reader.violations == [])
        #expect(reader.isAtEnd)
        let blocks = reader.message["content"]?.arrayValue ?? []
        #expect(blocks.compactMap { $0["text"]?.stringValue } == (text.map { [$0] } ?? []))
        #expect(reader.message["stop_reason"] == stopReason)
    }

    @Test(arguments: [
        (#"{"error": {"message": "overloaded", "type": "server_error"}}"#, "overloaded"), (#"{"error": "broken"}"#, "broken"),
        (#"{"error": {}}"#, "The provider's stream failed"),
        ("no JSON", "The provider's stream contains an invalid event"),
        ("[]", "The provider's stream contains an invalid event"),
    ])
    func `An error ends the stream`(chunk: String, message: String) {
        var stream = MessagesStream(model: "m")
        var reader = MessagesStreamReader()
        reader.read(stream.translate(Array(#"{"choices": [{"delta": {"content": "x"}}]}"#.utf8)))
        reader.read(stream.translate(Array(chunk.utf8)))
        #expect(reader.error == ["type": "api_error", "message": .string(message)])
        #expect(stream.isAtEnd)
        #expect(stream.finish() == [])
        #expect(stream.translate(Array(#"{"choices": []}"#.utf8)) == [])
        #expect(stream.fail(.invalid("x")) == [])
        #expect(reader.violations == [])
    }

    @Test func `The caller may end a stream with its own error`() {
        var stream = MessagesStream(model: "m")
        var reader = MessagesStreamReader()
        reader.read(stream.fail(MessagesError(status: 529, "too much")))
        #expect(reader.error == ["type": "overloaded_error", "message": "too much"])
        #expect(reader.violations == [])
    }

    @Test(arguments: 1..<40)
    func `However a text is split into chunks, its stream results in the same message as the whole response`(pieces: Int) throws {
        let text = "Straße, 東京 and \u{1F600}: \"quoted\"\nlines"
        let arguments = #"{"city": "Köln", "n": [1, 2.5, null]}"#
        let toolCall: JSONValue = ["id": "t", "function": ["name": "f", "arguments": .string(arguments)]]
        let usage: JSONValue = ["prompt_tokens": 5, "completion_tokens": 7]
        let response: JSONObject = [
            "id": "c", "model": "m", "usage": usage,
            "choices": [["message": ["content": .string(text), "tool_calls": [toolCall]], "finish_reason": "tool_calls"]],
        ]
        var deltas = text.cut(pieces).map { JSONValue.object(["content": .string($0)]) }
        deltas.append(["tool_calls": [["index": 0, "id": "t", "function": ["name": "f"]]]])
        deltas += arguments.cut(pieces).map { ["tool_calls": [["index": 0, "function": ["arguments": .string($0)]]]] }
        var stream = MessagesStream(model: "other")
        var reader = MessagesStreamReader()
        for delta in deltas {
            reader.read(stream.translate(["id": "c", "model": "m", "choices": [["index": 0, "delta": delta]]] as JSONValue))
        }
        reader.read(stream.translate(["choices": [["delta": [:], "finish_reason": "tool_calls"]], "usage": usage] as JSONValue))
        reader.read(stream.finish())
        #expect(reader.violations == [])
        #expect(
            JSONValue.object(reader.message).pythonSortedJSON == JSONValue.object(try MessagesResponse.anthropic(response)).pythonSortedJSON
        )
    }

    private func stream(_ chunks: [String]) -> [MessagesStream.Event] {
        var stream = MessagesStream(model: "m")
        return chunks.flatMap { stream.translate(Array($0.utf8)) } + stream.finish()
    }

    private func read(_ chunks: [String]) -> MessagesStreamReader {
        var reader = MessagesStreamReader()
        reader.read(stream(chunks))
        return reader
    }
}

extension String {
    /// Splits the text into the given number of pieces, or into single characters.
    fileprivate func cut(_ pieces: Int) -> [String] {
        let length = max(count / pieces, 1)
        return stride(from: 0, to: count, by: length).map { String(dropFirst($0).prefix(length)) }
    }
}
