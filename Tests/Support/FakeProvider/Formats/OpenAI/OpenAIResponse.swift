internal import JSON

/// `POST /responses`
enum OpenAIResponse {
    private static let known: Set<String> = [
        "model", "input", "background", "conversation", "include", "instructions", "max_output_tokens", "max_tool_calls",
        "metadata",
        "parallel_tool_calls", "previous_response_id", "prompt", "prompt_cache_key", "reasoning", "safety_identifier",
        "service_tier",
        "store", "stream", "stream_options", "temperature", "text", "tool_choice", "tools", "top_logprobs", "top_p", "truncation",
        "user",
    ]

    static func response(_ fields: Fields, model: String, _ request: Request) throws(Failure) -> Response {
        try fields.only(known)
        var prompt = Prompt(model: model)
        if let instructions = try fields.string("instructions") { prompt.append(instructions) }
        switch fields["input"] {
        case nil: throw fields.missing("input")
        case .string(let text): prompt.appendUser(text)
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
        prompt.ask(for: try fields.string("service_tier"))
        try fields.number("temperature", 0...2)
        let echo = EchoModel(prompt)
        let encoder = ResponseEncoder(
            serial: request.serial, model: model, request: fields.object, choice: echo.choices[0], tokens: echo.tokens)
        let body: Response.Body =
            try fields.bool("stream") ?? false
            ? .stream(encoder.stream(), contentType: ServerSentEvents.contentType)
            : .whole(encoder.response(isAtEnd: true).jsonBytes())
        return Response(model: model, text: prompt.lastText, tokens: echo.tokens, body: body, directives: echo.directives)
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
                guard calls.contains(id) else {
                    throw Failure(400, "No tool call found for function call output with call_id \(id).")
                }
                prompt.appendToolResult(try item.requiredString("output"))
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
                let part = try Fields(value, at: "\(item.location)content[\(index)]")
                switch try part.requiredString("type") {
                case "input_text", "output_text": texts.append(try part.requiredString("text"))
                case "input_image", "input_file", "refusal": break
                case let type: throw part.invalid("type", "'\(type)'.")
                }
            }
            text = texts.joined(separator: " ")
        }
        switch try item.requiredString("role") {
        case "user": prompt.appendUser(text)
        case "system", "developer", "assistant": prompt.append(text)
        case let role: throw item.invalid("role", "'\(role)'.")
        }
    }

    /// Functions are at the top level here, not under `function` as in chats.
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
