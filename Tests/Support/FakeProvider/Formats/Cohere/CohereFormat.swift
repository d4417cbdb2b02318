internal import JSON

/// Cohere, version 2 of its API: chat and embed.
struct CohereFormat: ProviderFormat {
    private let credentials: Credentials

    private static let chatMembers: Set<String> = [
        "model", "messages", "stream", "tools", "strict_tools", "documents", "citation_options", "response_format", "safety_mode",
        "max_tokens", "stop_sequences", "temperature", "seed", "frequency_penalty", "presence_penalty", "k", "p", "logprobs",
        "tool_choice", "thinking", "priority",
    ]
    private static let embedMembers: Set<String> = [
        "model", "texts", "images", "inputs", "input_type", "max_tokens", "output_dimension", "embedding_types", "truncate",
        "priority",
    ]

    init(_ credentials: Credentials) {
        self.credentials = credentials
    }

    func response(_ request: Request, path: Substring) throws(Failure) -> Response {
        guard credentials.isBearer(request) else { throw Failure(401, "invalid api token") }
        guard path == "chat" || path == "embed" else { throw Failure(404, "not found") }
        let fields = Fields(try request.object())
        let model = try fields.requiredString("model")
        guard !model.hasPrefix("no-such") else {
            throw Failure(
                404, "model '\(model)' not found, make sure the correct model ID was used and that you have access to the model.")
        }
        return path == "chat" ? try chat(fields, model, request) : try embed(fields, model, request)
    }

    private func chat(_ fields: Fields, _ model: String, _ request: Request) throws(Failure) -> Response {
        try fields.only(Self.chatMembers)
        var prompt = Prompt(model: model)
        try OpenAIMessages.read(try fields.elements("messages"), into: &prompt)
        for (index, message) in (fields["messages"]?.arrayValue ?? []).enumerated() {
            let message = try Fields(message, at: "messages[\(index)]")
            try message.only(["role", "content", "tool_calls", "tool_plan", "tool_call_id"])
            guard message["role"] != "developer" else {
                throw message.invalid("role", "must be one of 'user', 'system', 'assistant', 'tool'")
            }
        }
        try readTools(fields, into: &prompt)
        if let format = try fields.fields("response_format"), try format.requiredString("type") == "json_object" {
            prompt.form = try format.fields("json_schema").map { .schema(.object($0.object)) } ?? .json
        }
        prompt.limit = try fields.integer("max_tokens")
        prompt.stops = try fields.strings("stop_sequences") ?? []
        guard prompt.stops.count <= 5 else { throw fields.invalid("stop_sequences", "must have at most 5 elements") }
        try fields.number("temperature", 0...1)
        try fields.number("p", 0.01...0.99)
        _ = try fields.integer("k", 0...500)
        let echo = EchoModel(prompt)
        let encoder = CohereEncoder(
            id: "c14c80c3-0000-4000-8000-\(request.serial)", choice: echo.choices[0], tokens: echo.tokens, serial: request.serial)
        let body: Response.Body =
            try fields.bool("stream") ?? false
            ? .stream(encoder.stream(), contentType: "text/event-stream") : .whole(encoder.whole().jsonBytes())
        return Response(model: model, text: prompt.lastText, tokens: echo.tokens, body: body, directives: echo.directives)
    }

    private func readTools(_ fields: Fields, into prompt: inout Prompt) throws(Failure) {
        for (index, value) in (try fields.array("tools") ?? []).enumerated() {
            let tool = try Fields(value, at: "tools[\(index)]")
            try tool.only(["type", "function"])
            let function = try tool.requiredFields("function")
            try function.only(["name", "description", "parameters"])
            prompt.tools.append(
                .init(name: try function.requiredString("name"), schema: .object(try function.fields("parameters")?.object ?? [:])))
        }
        switch fields["tool_choice"] {
        case nil: break
        case "NONE": prompt.toolChoice = .none
        case "REQUIRED": prompt.toolChoice = .any
        default: throw fields.invalid("tool_choice", "must be one of 'REQUIRED' or 'NONE'")
        }
    }

    private func embed(_ fields: Fields, _ model: String, _ request: Request) throws(Failure) -> Response {
        try fields.only(Self.embedMembers)
        let type = try fields.requiredString("input_type")
        guard ["search_document", "search_query", "classification", "clustering", "image"].contains(type) else {
            throw fields.invalid("input_type", "'\(type)' is none of the types of input")
        }
        guard let texts = try fields.strings("texts"), !texts.isEmpty else { throw fields.missing("texts") }
        guard texts.count <= 96 else { throw fields.invalid("texts", "at most 96 texts can be embedded at once") }
        let dimensions = try fields.integer("output_dimension", 1...4096) ?? Vectors.dimensions
        let types = try fields.strings("embedding_types") ?? ["float"]
        guard types.allSatisfy({ $0 == "float" }) else { throw fields.invalid("embedding_types", "this fake knows 'float' only") }
        let tokens = Tokens(prompt: texts.reduce(0) { $0 + Words.count($1) })
        let body: JSONValue = [
            "id": .string("e14c80c3-0000-4000-8000-\(request.serial)"),
            "embeddings": ["float": .array(texts.map { Vectors.json(Vectors.vector(of: $0, dimensions: dimensions)) })],
            "texts": .array(texts.map { .string($0) }), "response_type": "embeddings_by_type",
            "meta": ["api_version": ["version": "2"], "billed_units": ["input_tokens": .init(tokens.prompt)]],
        ]
        return Response(model: model, text: texts.last ?? "", tokens: tokens, body: .whole(body.jsonBytes()))
    }

    func errorResponse(_ failure: Failure) -> ErrorResponse {
        ErrorResponse(body: JSONValue.object(["id": "e14c80c3-0000-4000-8000-0", "message": .string(failure.message)]).jsonBytes())
    }

    func streamError(_ failure: Failure) -> [UInt8]? {
        CohereEncoder.event("message-end", ["delta": ["finish_reason": "ERROR", "error": .string(failure.message)]]).bytes
    }
}
