internal import JSON

/// Anthropic's Messages API, in the versions 2023-06-01 and 2026-10-21; the latter has no sampling parameters.
struct AnthropicFormat: ProviderFormat {
    private let credentials: Credentials

    init(_ credentials: Credentials) {
        self.credentials = credentials
    }

    func response(_ request: Request, path: Substring) throws(Failure) -> Response {
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
        return try AnthropicMessages.response(fields, model: model, serial: request.serial)
    }

    func errorResponse(_ failure: Failure) -> ErrorResponse {
        ErrorResponse(body: AnthropicError.body(failure).jsonBytes(), headers: [("request-id", "req_fake")])
    }

    func streamError(_ failure: Failure) -> [UInt8]? {
        ServerSentEvents.event("error", AnthropicError.body(failure)).bytes
    }
}

enum AnthropicError {
    static func body(_ failure: Failure) -> JSONValue {
        [
            "type": "error", "error": ["type": .string(type(failure.status)), "message": .string(failure.message)],
            "request_id": "req_fake",
        ]
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

/// Parses requests with messages and responds to them, also for Bedrock.
enum AnthropicMessages {
    private static let known: Set<String> = [
        "model", "messages", "max_tokens", "system", "stop_sequences", "stream", "temperature", "top_p", "top_k", "metadata",
        "tools",
        "tool_choice", "thinking", "service_tier", "output_config", "container", "context_management", "mcp_servers",
        "cache_control",
        "diagnostics", "inference_geo", "prefill", "speed",
    ]
    /// The replacements for the model and the version header on Bedrock.
    private static let knownToBedrock: Set<String> = known.subtracting(["model", "stream"]).union([
        "anthropic_version", "anthropic_beta",
    ])

    /// - Parameter streams: whether to stream the response; `nil` if the request specifies it.
    static func response(_ fields: Fields, model: String, serial: Int, streams: Bool? = nil) throws(Failure) -> Response {
        try fields.only(streams == nil ? known : knownToBedrock)
        var prompt = Prompt(model: model)
        guard let limit = try fields.integer("max_tokens") else { throw Failure(400, "max_tokens: Field required") }
        prompt.limit = limit
        prompt.ask(for: try fields.string("service_tier"))
        if fields["system"] != nil { prompt.append(try AnthropicContent.text(fields, "system", &prompt)) }
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
        let encoder = MessageEncoder(serial: serial, model: model, choice: echo.choices[0], tokens: echo.tokens)
        let body: Response.Body =
            streams ?? asksForStream
            ? .stream(encoder.stream(), contentType: ServerSentEvents.contentType) : .whole(encoder.whole().jsonBytes())
        return Response(model: model, text: prompt.lastText, tokens: echo.tokens, body: body, directives: echo.directives)
    }
}
