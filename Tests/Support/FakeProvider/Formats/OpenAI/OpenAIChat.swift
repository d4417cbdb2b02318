internal import JSON

/// `POST /chat/completions`
enum OpenAIChat {
    private static let known: Set<String> = [
        "model", "messages", "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs", "max_completion_tokens",
        "max_tokens", "metadata", "modalities", "n", "parallel_tool_calls", "prediction", "presence_penalty", "prompt_cache_key",
        "reasoning_effort", "response_format", "safety_identifier", "seed", "service_tier", "stop", "store", "stream", "stream_options",
        "temperature", "tool_choice", "tools", "top_logprobs", "top_p", "user", "verbosity", "web_search_options",
    ]
    private static let knownToMistral: Set<String> = [
        "model", "messages", "frequency_penalty", "max_tokens", "n", "parallel_tool_calls", "prediction", "presence_penalty",
        "prompt_mode", "random_seed", "response_format", "safe_prompt", "stop", "stream", "temperature", "tool_choice", "tools", "top_p",
    ]

    static func answer(
        _ fields: Fields, model: String, _ service: OpenAIFormat.Service, _ request: Request
    ) throws(Failure) -> Answer {
        // Text Generation Inference and AI21 ignore what they don't know.
        if service != .tgi, service != .ai21 { try fields.only(service == .mistral ? knownToMistral : known) }
        var prompt = Prompt(model: model)
        try OpenAIMessages.read(try fields.elements("messages"), into: &prompt, status: fields.status)
        try OpenAIMessages.readTools(fields, into: &prompt)
        try OpenAIMessages.readStops(fields, into: &prompt)
        try OpenAIMessages.readFormat(fields, into: &prompt)
        try fields.number("temperature", 0...2)
        try fields.number("top_p", 0...1)
        try fields.number("frequency_penalty", -2...2)
        try fields.number("presence_penalty", -2...2)
        prompt.choices = try fields.integer("n", 1...128) ?? 1
        prompt.limit = try limit(fields)
        let streams = try fields.bool("stream") ?? false
        let tellsUsage = try Self.tellsUsage(fields, streams: streams) || service.alwaysTellsUsage
        let model = EchoModel(prompt)
        let frame = ChatFrame(id: "chatcmpl-\(request.serial)", model: prompt.model, serial: request.serial)
        let body: Answer.Body =
            streams
            ? .stream(
                frame.stream(model, tellsUsage: tellsUsage, inLastChunk: service.alwaysTellsUsage),
                contentType: ServerSentEvents.contentType)
            : .whole(frame.whole(model))
        return Answer(
            model: prompt.model, text: prompt.lastText, tokens: model.tokens, body: body, directives: model.directives)
    }

    private static func limit(_ fields: Fields) throws(Failure) -> Int? {
        let old = try fields.integer("max_tokens")
        let new = try fields.integer("max_completion_tokens")
        guard old == nil || new == nil else {
            throw Failure(
                fields.status, "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
                param: "max_tokens", code: "invalid_parameter_combination")
        }
        return new ?? old
    }

    static func tellsUsage(_ fields: Fields, streams: Bool) throws(Failure) -> Bool {
        guard let options = try fields.fields("stream_options") else { return false }
        guard streams else {
            throw Failure(
                fields.status, "The 'stream_options' parameter is only allowed when 'stream' is enabled.", param: "stream_options")
        }
        return try options.bool("include_usage") ?? false
    }
}

/// What all parts of a chat's answer have in common. This is what benchmarks measure against, so it is written without a tree.
struct ChatFrame {
    let id: String
    let model: String
    let serial: Int

    func whole(_ echo: EchoModel) -> [UInt8] {
        var json = JSONWriter(capacity: 768)
        json.object { json in
            start(&json, "chat.completion")
            json.name("choices")
            json.array { json in
                for (index, choice) in echo.choices.enumerated() { write(choice, at: index, &json) }
            }
            json.name("usage")
            Self.write(echo.tokens, &json)
            json.field("service_tier", "default")
            json.field("system_fingerprint", "fp_fake")
        }
        return json.bytes
    }

    private func start(_ json: inout JSONWriter, _ object: String) {
        json.field("id", id)
        json.field("object", object)
        json.field("created", OpenAIFormat.created)
        json.field("model", model)
    }

    private func write(_ choice: EchoModel.Choice, at index: Int, _ json: inout JSONWriter) {
        json.object { json in
            json.field("index", Int64(index))
            json.name("message")
            json.object { json in
                json.field("role", "assistant")
                json.name("content")
                if choice.toolCalls.isEmpty { json.string(choice.text) } else { json.null() }
                json.name("refusal")
                json.null()
                json.field("tool_calls", choice.toolCalls.enumerated().map { place, call in toolCall(call, choice: index, place: place) })
            }
            json.name("logprobs")
            json.null()
            json.field("finish_reason", Self.reason(choice.finish))
        }
    }

    private func toolCall(_ call: EchoModel.ToolCall, choice: Int, place: Int) -> JSONValue {
        let function: JSONValue = ["name": .string(call.name), "arguments": .string(call.arguments)]
        return ["id": .string(callID(choice: choice, place: place)), "type": "function", "function": function]
    }

    private func callID(choice: Int, place: Int) -> String { "call_\(serial)_\(choice)_\(place)" }

    static func write(_ tokens: Tokens, _ json: inout JSONWriter) {
        json.object { json in
            json.field("prompt_tokens", Int64(tokens.prompt))
            json.field("completion_tokens", Int64(tokens.completion))
            json.field("total_tokens", Int64(tokens.total))
        }
    }

    static func reason(_ finish: EchoModel.Finish) -> String {
        switch finish {
        case .end, .stop: "stop"
        case .length: "length"
        case .toolCalls: "tool_calls"
        }
    }

    // MARK: Streams

    /// - Parameter inLastChunk: whether the usage comes with the reason to finish, and not in a chunk of its own.
    func stream(_ echo: EchoModel, tellsUsage: Bool, inLastChunk: Bool) -> [Piece] {
        let chunks = ChunkWriter(self, namesUsage: tellsUsage && !inLastChunk)
        var pieces: [Piece] = []
        for (index, choice) in echo.choices.enumerated() {
            pieces.append(chunks.chunk(index) { $0.raw(#"{"role":"assistant","content":"","refusal":null}"#.utf8) })
            for part in choice.parts {
                pieces.append(
                    chunks.chunk(index, tokens: 1) { json in
                        json.object { $0.field("content", String(part)) }
                    })
            }
            for (place, call) in choice.toolCalls.enumerated() { pieces += chunks.pieces(call, index, place, callID(choice: index, place: place)) }
            let usage = inLastChunk && index == echo.choices.count - 1 ? echo.tokens : nil
            pieces.append(chunks.chunk(index, reason: Self.reason(choice.finish), usage: usage) { $0.raw("{}".utf8) })
        }
        if tellsUsage, !inLastChunk { pieces.append(chunks.usage(echo.tokens)) }
        return pieces + [ServerSentEvents.done]
    }

    /// Writes the chunks of one stream.
    private struct ChunkWriter {
        private let start: [UInt8]
        private let end: [UInt8]

        init(_ frame: ChatFrame, namesUsage: Bool) {
            var json = JSONWriter()
            json.object { json in
                frame.start(&json, "chat.completion.chunk")
                json.field("system_fingerprint", "fp_fake")
            }
            start = Array("data: ".utf8) + json.bytes.dropLast() + Array(#","choices":["#.utf8)
            end = Array((namesUsage ? #"],"usage":null}"# : "]}").utf8)
        }

        func chunk(
            _ index: Int, tokens: Int = 0, reason: String? = nil, usage: Tokens? = nil, _ delta: (inout JSONWriter) -> Void
        ) -> Piece {
            var json = JSONWriter(capacity: 128)
            json.object { json in
                json.field("index", Int64(index))
                json.name("delta")
                delta(&json)
                json.name("logprobs")
                json.null()
                json.name("finish_reason")
                if let reason { json.string(reason) } else { json.null() }
            }
            let end = usage.map(Self.ending) ?? end
            return Piece(bytes: start + json.bytes + end + [0x0A, 0x0A], tokens: tokens, settles: usage != nil)
        }

        func pieces(_ call: EchoModel.ToolCall, _ index: Int, _ place: Int, _ id: String) -> [Piece] {
            let function: JSONValue = ["name": .string(call.name), "arguments": ""]
            let first: JSONValue = ["index": .init(place), "id": .string(id), "type": "function", "function": function]
            let rest = Words.split(call.arguments).map { part -> JSONValue in
                ["index": .init(place), "function": ["arguments": .string(String(part))]]
            }
            return ([first] + rest).map { delta in
                chunk(index, tokens: 1) { JSONValue.object(["tool_calls": [delta]]).write(to: &$0) }
            }
        }

        func usage(_ tokens: Tokens) -> Piece {
            Piece(bytes: start + Self.ending(tokens) + [0x0A, 0x0A], settles: true)
        }

        private static func ending(_ tokens: Tokens) -> [UInt8] {
            var json = JSONWriter()
            ChatFrame.write(tokens, &json)
            return Array(#"],"usage":"#.utf8) + json.bytes + [UInt8(ascii: "}")]
        }
    }
}
