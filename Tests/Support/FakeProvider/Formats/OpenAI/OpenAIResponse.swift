internal import JSON

/// `POST /responses`
enum OpenAIResponse {
    private static let known: Set<String> = [
        "model", "input", "background", "conversation", "include", "instructions", "max_output_tokens", "max_tool_calls", "metadata",
        "parallel_tool_calls", "previous_response_id", "prompt", "prompt_cache_key", "reasoning", "safety_identifier", "service_tier",
        "store", "stream", "stream_options", "temperature", "text", "tool_choice", "tools", "top_logprobs", "top_p", "truncation", "user",
    ]

    static func answer(_ fields: Fields, model: String, _ request: Request) throws(Failure) -> Answer {
        try fields.only(known)
        var prompt = Prompt(model: model)
        if let instructions = try fields.string("instructions") { prompt.hear(instructions) }
        switch fields["input"] {
        case nil: throw fields.missing("input")
        case .string(let text): prompt.hearUser(text)
        case .array: try read(try fields.elements("input"), into: &prompt)
        default: throw fields.wrongType("input", "one of a string or array")
        }
        try readTools(fields, into: &prompt)
        if let format = try fields.fields("text")?.fields("format") {
            switch try format.requiredString("type") {
            case "json_object": prompt.form = .json
            case "json_schema": prompt.form = .schema(.object(try format.requiredFields("schema").object))
            default: break
            }
        }
        prompt.limit = try fields.integer("max_output_tokens")
        try fields.number("temperature", 0...2)
        let echo = EchoModel(prompt)
        let frame = ResponseFrame(
            serial: request.serial, model: model, request: fields.object, choice: echo.choices[0], tokens: echo.tokens)
        let body: Answer.Body =
            try fields.bool("stream") ?? false
            ? .stream(frame.stream(), contentType: ServerSentEvents.contentType)
            : .whole(frame.response(isAtEnd: true).jsonBytes())
        return Answer(model: model, text: prompt.lastText, tokens: echo.tokens, body: body, directives: echo.directives)
    }

    private static func read(_ items: [JSONValue], into prompt: inout Prompt) throws(Failure) {
        var calls: Set<String> = []
        for (index, value) in items.enumerated() {
            let item = try Fields(value, at: "input[\(index)]")
            switch try item.string("type") ?? "message" {
            case "message": try readMessage(item, into: &prompt)
            case "function_call":
                _ = try item.requiredString("name")
                _ = try item.requiredString("arguments")
                calls.insert(try item.requiredString("call_id"))
            case "function_call_output":
                let id = try item.requiredString("call_id")
                guard calls.contains(id) else { throw Failure(400, "No tool call found for function call output with call_id \(id).") }
                prompt.hearToolResult(try item.requiredString("output"))
            case "reasoning": break
            case let type: throw item.invalid("type", "'\(type)'.")
            }
        }
    }

    private static func readMessage(_ item: Fields, into prompt: inout Prompt) throws(Failure) {
        var text = ""
        switch item["content"] {
        case nil: throw item.missing("content")
        case .string(let whole): text = whole
        default:
            var texts: [String] = []
            for (index, value) in try item.elements("content").enumerated() {
                let part = try Fields(value, at: "\(item.place)content[\(index)]")
                switch try part.requiredString("type") {
                case "input_text", "output_text": texts.append(try part.requiredString("text"))
                case "input_image", "input_file", "refusal": break
                case let type: throw part.invalid("type", "'\(type)'.")
                }
            }
            text = texts.joined(separator: " ")
        }
        switch try item.requiredString("role") {
        case "user": prompt.hearUser(text)
        case "system", "developer", "assistant": prompt.hear(text)
        case let role: throw item.invalid("role", "'\(role)'.")
        }
    }

    /// Functions are flat here, and not below `function` as in chats.
    private static func readTools(_ fields: Fields, into prompt: inout Prompt) throws(Failure) {
        for (index, value) in (try fields.array("tools") ?? []).enumerated() {
            let tool = try Fields(value, at: "tools[\(index)]")
            guard try tool.requiredString("type") == "function" else { continue }
            let parameters = try tool.fields("parameters")?.object ?? [:]
            prompt.tools.append(.init(name: try tool.requiredString("name"), schema: .object(parameters)))
        }
        switch fields["tool_choice"] {
        case nil, "auto": break
        case "none": prompt.toolChoice = .none
        case "required": prompt.toolChoice = .any
        default: prompt.toolChoice = .named(try fields.requiredFields("tool_choice").requiredString("name"))
        }
    }
}

/// A response, whole or in events.
private struct ResponseFrame {
    let serial: Int
    let model: String
    let request: JSONObject
    let choice: EchoModel.Choice
    let tokens: Tokens

    private var isCut: Bool { choice.finish == .length }

    func response(isAtEnd: Bool) -> JSONValue {
        let usage: JSONValue = [
            "input_tokens": .init(tokens.prompt), "input_tokens_details": ["cached_tokens": 0], "output_tokens": .init(tokens.completion),
            "output_tokens_details": ["reasoning_tokens": 0], "total_tokens": .init(tokens.total),
        ]
        return [
            "id": .string("resp_\(serial)"), "object": "response", "created_at": .integer(OpenAIFormat.created),
            "status": isAtEnd ? (isCut ? "incomplete" : "completed") : "in_progress", "error": .null,
            "incomplete_details": isAtEnd && isCut ? ["reason": "max_output_tokens"] : .null,
            "instructions": request["instructions"] ?? .null, "max_output_tokens": request["max_output_tokens"] ?? .null,
            "model": .string(model), "output": .array(isAtEnd ? items(isAtEnd: true) : []),
            "parallel_tool_calls": true, "previous_response_id": .null, "reasoning": ["effort": .null, "summary": .null],
            "store": request["store"] ?? true, "temperature": request["temperature"] ?? 1, "text": ["format": ["type": "text"]],
            "tool_choice": request["tool_choice"] ?? "auto", "tools": request["tools"] ?? [], "top_p": request["top_p"] ?? 1,
            "truncation": "disabled", "usage": isAtEnd ? usage : .null, "user": .null, "metadata": request["metadata"] ?? [:],
        ]
    }

    /// - Parameter isAtEnd: whether the items are complete, and not just begun.
    private func items(isAtEnd: Bool) -> [JSONValue] {
        guard choice.toolCalls.isEmpty else {
            return choice.toolCalls.enumerated().map { place, call in
                [
                    "id": .string("fc_\(serial)_\(place)"), "type": "function_call", "status": isAtEnd ? "completed" : "in_progress",
                    "call_id": .string("call_\(serial)_\(place)"), "name": .string(call.name),
                    "arguments": .string(isAtEnd ? call.arguments : ""),
                ]
            }
        }
        return [
            [
                "id": .string("msg_\(serial)"), "type": "message", "role": "assistant",
                "status": isAtEnd ? (isCut ? "incomplete" : "completed") : "in_progress",
                "content": isAtEnd ? [part(choice.text)] : [],
            ]
        ]
    }

    private func part(_ text: String) -> JSONValue {
        ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
    }

    func stream() -> [Piece] {
        var events = ResponseEvents()
        events.add("response.created", ["response": response(isAtEnd: false)])
        events.add("response.in_progress", ["response": response(isAtEnd: false)])
        for (place, (begun, complete)) in zip(items(isAtEnd: false), items(isAtEnd: true)).enumerated() {
            events.add("response.output_item.added", ["output_index": .init(place), "item": begun])
            let id = begun["id"] ?? .null
            if choice.toolCalls.isEmpty { addText(id, &events) } else { addArguments(id, place, &events) }
            events.add("response.output_item.done", ["output_index": .init(place), "item": complete])
        }
        events.add(isCut ? "response.incomplete" : "response.completed", ["response": response(isAtEnd: true)], settles: true)
        return events.pieces
    }

    private func addText(_ id: JSONValue, _ events: inout ResponseEvents) {
        let place: JSONObject = ["item_id": id, "output_index": 0, "content_index": 0]
        events.add("response.content_part.added", place.with(["part": part("")]))
        for text in choice.parts {
            events.add("response.output_text.delta", place.with(["delta": .string(String(text)), "logprobs": []]), tokens: 1)
        }
        events.add("response.output_text.done", place.with(["text": .string(choice.text), "logprobs": []]))
        events.add("response.content_part.done", place.with(["part": part(choice.text)]))
    }

    private func addArguments(_ id: JSONValue, _ index: Int, _ events: inout ResponseEvents) {
        let place: JSONObject = ["item_id": id, "output_index": .init(index)]
        let call = choice.toolCalls[index]
        for part in Words.split(call.arguments) {
            events.add("response.function_call_arguments.delta", place.with(["delta": .string(String(part))]), tokens: 1)
        }
        let done: JSONObject = ["name": .string(call.name), "arguments": .string(call.arguments)]
        events.add("response.function_call_arguments.done", place.with(done), tokens: 1)
    }
}

/// Events with numbers.
private struct ResponseEvents {
    private(set) var pieces: [Piece] = []

    mutating func add(_ type: String, _ members: JSONObject, tokens: Int = 0, settles: Bool = false) {
        let head: JSONObject = ["type": .string(type), "sequence_number": .init(pieces.count)]
        pieces.append(ServerSentEvents.event(type, JSONValue.object(head.with(members)), tokens: tokens, settles: settles))
    }
}

extension JSONObject {
    func with(_ others: JSONObject) -> JSONObject { JSONObject(members + others.members) }
}
