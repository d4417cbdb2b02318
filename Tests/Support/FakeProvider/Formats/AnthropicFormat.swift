internal import JSON

/// Anthropic's Messages API, in the versions 2023-06-01 and 2026-10-21; the latter has no parameters of sampling.
struct AnthropicFormat: ProviderFormat {
    private let credentials: Credentials

    init(_ credentials: Credentials) {
        self.credentials = credentials
    }

    func answer(_ request: Request, path: Substring) throws(Failure) -> Answer {
        guard request.header("x-api-key") == credentials.key || credentials.isBearer(request) else {
            throw Failure(401, "invalid x-api-key")
        }
        guard path == "messages" else { throw Failure(404, "Not Found") }
        guard request.method == "POST" else { throw Failure(405, "Method Not Allowed") }
        guard let version = request.header("anthropic-version") else { throw Failure(400, "anthropic-version: header is required") }
        guard ["2023-06-01", "2026-10-21"].contains(version) else {
            throw Failure(400, "anthropic-version: \"\(version)\" is not a valid version")
        }
        let fields = Fields(try request.object())
        if version > "2023-06-01" {
            for name in ["temperature", "top_p", "top_k"] where fields[name] != nil {
                throw Failure(400, "\(name): Extra inputs are not permitted")
            }
        }
        let model = try fields.requiredString("model")
        guard !model.hasPrefix("no-such") else { throw Failure(404, "model: \(model)") }
        return try AnthropicMessages.answer(fields, model: model, serial: request.serial)
    }

    func refusal(_ failure: Failure) -> Refusal {
        Refusal(body: AnthropicError.body(failure).jsonBytes(), headers: [("request-id", "req_fake")])
    }

    func streamError(_ failure: Failure) -> [UInt8]? {
        ServerSentEvents.event("error", AnthropicError.body(failure)).bytes
    }
}

enum AnthropicError {
    static func body(_ failure: Failure) -> JSONValue {
        ["type": "error", "error": ["type": .string(type(failure.status)), "message": .string(failure.message)], "request_id": "req_fake"]
    }

    private static func type(_ status: Int) -> String {
        switch status {
        case 401: "authentication_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 529: "overloaded_error"
        case 500...: "api_error"
        default: "invalid_request_error"
        }
    }
}

/// Reads and answers messages, also those that come through Bedrock.
enum AnthropicMessages {
    private static let known: Set<String> = [
        "model", "messages", "max_tokens", "system", "stop_sequences", "stream", "temperature", "top_p", "top_k", "metadata", "tools",
        "tool_choice", "thinking", "service_tier", "output_config", "container", "context_management", "mcp_servers", "cache_control",
        "diagnostics", "inference_geo", "prefill", "speed",
    ]
    /// What takes the places of the model and of the header with the version on Bedrock.
    private static let knownToBedrock: Set<String> = known.subtracting(["model", "stream"]).union(["anthropic_version", "anthropic_beta"])

    /// - Parameter streams: whether it is to be a stream; `nil` when the request says so itself.
    static func answer(_ fields: Fields, model: String, serial: Int, streams: Bool? = nil) throws(Failure) -> Answer {
        try fields.only(streams == nil ? known : knownToBedrock)
        var prompt = Prompt(model: model)
        guard let limit = try fields.integer("max_tokens") else { throw Failure(400, "max_tokens: Field required") }
        prompt.limit = limit
        if fields["system"] != nil { prompt.hear(try AnthropicContent.text(fields, "system", &prompt)) }
        try AnthropicContent.read(try fields.elements("messages"), into: &prompt)
        try AnthropicContent.readTools(fields, into: &prompt)
        prompt.stops = try fields.strings("stop_sequences") ?? []
        try fields.number("temperature", 0...1)
        try fields.number("top_p", 0...1)
        if let format = try fields.fields("output_config")?.fields("format"), try format.requiredString("type") == "json_schema" {
            prompt.form = .schema(.object(try format.requiredFields("schema").object))
        }
        let asksForStream = try fields.bool("stream") ?? false
        let echo = EchoModel(prompt)
        let frame = MessageFrame(serial: serial, model: model, choice: echo.choices[0], tokens: echo.tokens)
        let body: Answer.Body =
            streams ?? asksForStream
            ? .stream(frame.stream(), contentType: ServerSentEvents.contentType) : .whole(frame.whole().jsonBytes())
        return Answer(model: model, text: prompt.lastText, tokens: echo.tokens, body: body, directives: echo.directives)
    }
}

/// A message, whole or in events.
private struct MessageFrame {
    let serial: Int
    let model: String
    let choice: EchoModel.Choice
    let tokens: Tokens

    private var stop: (reason: JSONValue, sequence: JSONValue) {
        switch choice.finish {
        case .end: ("end_turn", .null)
        case .stop(let sequence): ("stop_sequence", .string(sequence))
        case .length: ("max_tokens", .null)
        case .toolCalls: ("tool_use", .null)
        }
    }

    func whole() -> JSONValue {
        let blocks =
            choice.toolCalls.isEmpty
            ? [["type": "text", "text": .string(choice.text)]]
            : choice.toolCalls.enumerated().map { place, call in block(call, place, input: call.input) }
        return message(blocks, stop, output: tokens.completion)
    }

    private func message(_ blocks: [JSONValue], _ stop: (reason: JSONValue, sequence: JSONValue), output: Int) -> JSONValue {
        [
            "id": .string("msg_\(serial)"), "type": "message", "role": "assistant", "model": .string(model), "content": .array(blocks),
            "stop_reason": stop.reason, "stop_sequence": stop.sequence,
            "usage": [
                "input_tokens": .init(tokens.prompt), "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
                "output_tokens": .init(output), "service_tier": "standard",
            ],
        ]
    }

    private func block(_ call: EchoModel.ToolCall, _ place: Int, input: JSONValue) -> JSONValue {
        ["type": "tool_use", "id": .string("toolu_\(serial)_\(place)"), "name": .string(call.name), "input": input]
    }

    func stream() -> [Piece] {
        var pieces = [event("message_start", ["message": message([], (.null, .null), output: 1)])]
        if choice.toolCalls.isEmpty {
            pieces.append(event("content_block_start", ["index": 0, "content_block": ["type": "text", "text": ""]]))
            pieces.append(event("ping", [:]))
            pieces += choice.parts.map { delta(0, ["type": "text_delta", "text": .string(String($0))]) }
            pieces.append(event("content_block_stop", ["index": 0]))
        }
        for (place, call) in choice.toolCalls.enumerated() {
            let start = block(call, place, input: [:])
            pieces.append(event("content_block_start", ["index": .init(place), "content_block": start], tokens: 1))
            pieces += Words.split(call.arguments).map { delta(place, ["type": "input_json_delta", "partial_json": .string(String($0))]) }
            pieces.append(event("content_block_stop", ["index": .init(place)]))
        }
        let end: JSONValue = ["stop_reason": stop.reason, "stop_sequence": stop.sequence]
        let usage: JSONValue = ["output_tokens": .init(tokens.completion)]
        pieces.append(event("message_delta", ["delta": end, "usage": usage], settles: true))
        return pieces + [event("message_stop", [:])]
    }

    private func delta(_ index: Int, _ delta: JSONValue) -> Piece {
        event("content_block_delta", ["index": .init(index), "delta": delta], tokens: 1)
    }

    private func event(_ type: String, _ members: JSONObject, tokens: Int = 0, settles: Bool = false) -> Piece {
        let head: JSONObject = ["type": .string(type)]
        return ServerSentEvents.event(type, JSONValue.object(head.with(members)), tokens: tokens, settles: settles)
    }
}
