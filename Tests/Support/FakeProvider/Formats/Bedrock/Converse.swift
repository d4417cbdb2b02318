internal import JSON

/// `converse` and `converse-stream`
enum Converse {
    private static let known: Set<String> = [
        "messages", "system", "inferenceConfig", "toolConfig", "guardrailConfig", "additionalModelRequestFields", "promptVariables",
        "additionalModelResponseFieldPaths", "requestMetadata", "performanceConfig", "serviceTier", "outputConfig",
    ]

    static func response(_ fields: Fields, model: String, serial: Int, streams: Bool) throws(Failure) -> Response {
        try fields.only(known)
        var prompt = Prompt(model: model)
        for (index, value) in (try fields.array("system") ?? []).enumerated() {
            prompt.append(try Fields(value, at: "system[\(index)]").string("text") ?? "")
        }
        for (index, value) in try fields.elements("messages").enumerated() {
            let message = try Fields(value, at: "messages[\(index)]")
            try message.only(["role", "content"])
            let text = try text(message, &prompt)
            switch try message.requiredString("role") {
            // A message with tool results only isn't a user message.
            case "user": if !text.isEmpty { prompt.appendUser(text) }
            case "assistant": prompt.append(text)
            case let role: throw message.invalid("role", "'\(role)' failed to satisfy constraint: [user, assistant]")
            }
        }
        try readTools(fields, into: &prompt)
        prompt.ask(for: try fields.fields("serviceTier")?.requiredString("type"))
        if let config = try fields.fields("inferenceConfig") {
            try config.only(["maxTokens", "temperature", "topP", "stopSequences"])
            prompt.limit = try config.integer("maxTokens")
            prompt.stops = try config.strings("stopSequences") ?? []
            try config.number("temperature", 0...1)
            try config.number("topP", 0...1)
        }
        if let format = try fields.fields("outputConfig")?.fields("textFormat") {
            let structure = try format.requiredFields("structure").requiredFields("jsonSchema")
            // The schema is a string.
            guard let schema = try? JSONValue(parsing: try structure.requiredString("schema")) else {
                throw structure.invalid("schema", "it is no valid JSON")
            }
            prompt.form = .schema(schema)
        }
        let echo = EchoModel(prompt)
        let encoder = ConverseEncoder(choice: echo.choices[0], tokens: echo.tokens, serial: serial)
        let body: Response.Body =
            streams ? .stream(encoder.stream(), contentType: EventStream.contentType) : .whole(encoder.whole().jsonBytes())
        return Response(model: model, text: prompt.lastText, tokens: echo.tokens, body: body, directives: echo.directives)
    }

    /// The text of a message. Also records tool results.
    private static func text(_ message: Fields, _ prompt: inout Prompt) throws(Failure) -> String {
        var texts: [String] = []
        for (index, value) in try message.elements("content").enumerated() {
            let block = try Fields(value, at: "\(message.location)content[\(index)]")
            guard block.object.members.count == 1 else { throw block.invalid("", "a block must have exactly one member") }
            if let text = try block.string("text") {
                guard !text.isEmpty else { throw Failure(400, "The text field in the ContentBlock object is blank.") }
                texts.append(text)
            }
            if let use = try block.fields("toolUse") {
                _ = try use.requiredString("toolUseId")
                _ = try use.requiredString("name")
                _ = try use.requiredFields("input")
            }
            if let image = try block.fields("image") {
                _ = try image.requiredString("format")
                _ = try image.requiredFields("source")
            }
            if let result = try block.fields("toolResult") {
                _ = try result.requiredString("toolUseId")
                let parts = try result.elements("content").compactMap { $0["text"]?.stringValue ?? $0["json"]?.jsonString }
                prompt.appendToolResult(parts.joined(separator: " "))
            }
            try block.only([
                "text", "image", "document", "toolUse", "toolResult", "reasoningContent", "cachePoint", "guardContent", "video",
            ])
        }
        return texts.joined(separator: " ")
    }

    private static func readTools(_ fields: Fields, into prompt: inout Prompt) throws(Failure) {
        guard let config = try fields.fields("toolConfig") else { return }
        for (index, value) in try config.elements("tools").enumerated() {
            let specification = try Fields(value, at: "toolConfig.tools[\(index)]").requiredFields("toolSpec")
            let schema = try specification.requiredFields("inputSchema").requiredFields("json")
            prompt.tools.append(.init(name: try specification.requiredString("name"), schema: .object(schema.object)))
        }
        guard let choice = try config.fields("toolChoice") else { return }
        if try choice.fields("any") != nil { prompt.toolChoice = .any }
        if let tool = try choice.fields("tool") { prompt.toolChoice = .named(try tool.requiredString("name")) }
        try choice.only(["auto", "any", "tool"])
    }
}

private struct ConverseEncoder {
    let choice: EchoModel.Choice
    let tokens: Tokens
    let serial: Int

    private var reason: JSONValue {
        switch choice.finish {
        case .end: "end_turn"
        case .stop: "stop_sequence"
        case .length: "max_tokens"
        case .toolCalls: "tool_use"
        }
    }

    private var usage: JSONValue {
        let counts: JSONObject = [
            "inputTokens": .init(tokens.input), "outputTokens": .init(tokens.completion), "totalTokens": .init(tokens.total),
        ]
        guard tokens.read + tokens.allWritten > 0 else { return .object(counts) }
        let kept = [("1h", tokens.writtenForAnHour), ("5m", tokens.written)].filter { $0.1 > 0 }
        let cache: JSONObject = [
            "cacheReadInputTokens": .init(tokens.read), "cacheWriteInputTokens": .init(tokens.allWritten),
            "cacheDetails": .array(kept.map { ["ttl": .string($0.0), "inputTokens": .init($0.1)] }),
        ]
        return .object(counts.with(cache))
    }

    private var tier: JSONValue { ["type": .string(tokens.tier.rawValue)] }

    func whole() -> JSONValue {
        let blocks: [JSONValue] =
            choice.toolCalls.isEmpty
            ? [["text": .string(choice.text)]]
            : choice.toolCalls.enumerated().map { position, call in
                ["toolUse": ["toolUseId": id(position), "name": .string(call.name), "input": call.input]]
            }
        return [
            "metrics": ["latencyMs": 1], "output": ["message": ["role": "assistant", "content": .array(blocks)]],
            "stopReason": reason,
            "usage": usage, "serviceTier": tier,
        ]
    }

    private func id(_ position: Int) -> JSONValue { .string("tooluse_\(serial)_\(position)") }

    func stream() -> [StreamChunk] {
        var pieces = [event("messageStart", ["role": "assistant"])]
        if choice.toolCalls.isEmpty {
            pieces += choice.parts.map { delta(0, ["text": .string(String($0))]) }
            pieces.append(event("contentBlockStop", ["contentBlockIndex": 0]))
        }
        for (position, call) in choice.toolCalls.enumerated() {
            let start: JSONValue = ["toolUse": ["toolUseId": id(position), "name": .string(call.name)]]
            pieces.append(event("contentBlockStart", ["contentBlockIndex": .init(position), "start": start], tokens: 1))
            pieces += Words.split(call.arguments).map { delta(position, ["toolUse": ["input": .string(String($0))]]) }
            pieces.append(event("contentBlockStop", ["contentBlockIndex": .init(position)]))
        }
        pieces.append(event("messageStop", ["stopReason": reason]))
        pieces.append(event("metadata", ["metrics": ["latencyMs": 1], "usage": usage, "serviceTier": tier], settles: true))
        return pieces
    }

    private func delta(_ position: Int, _ delta: JSONValue) -> StreamChunk {
        event("contentBlockDelta", ["contentBlockIndex": .init(position), "delta": delta], tokens: 1)
    }

    private func event(_ type: String, _ payload: JSONValue, tokens: Int = 0, settles: Bool = false) -> StreamChunk {
        StreamChunk(bytes: EventStream.event(type, payload.jsonBytes()), tokens: tokens, settles: settles)
    }
}
