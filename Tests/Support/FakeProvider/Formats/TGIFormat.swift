internal import JSON

/// Hugging Face's Text Generation Inference: `generate`, its stream, and chats in OpenAI's format. The model of the first two is
/// `tgi`.
struct TGIFormat: ProviderFormat {
    private let chat: OpenAIFormat

    private static let parameters: Set<String> = [
        "adapter_id", "best_of", "decoder_input_details", "details", "do_sample", "frequency_penalty", "grammar", "max_new_tokens",
        "repetition_penalty", "return_full_text", "seed", "stop", "temperature", "top_k", "top_n_tokens", "top_p", "truncate",
        "typical_p", "watermark",
    ]

    init(_ credentials: Credentials) {
        chat = OpenAIFormat(.tgi, credentials)
    }

    func response(_ request: Request, path: Substring) throws(Failure) -> Response {
        if path.hasPrefix("v1/") { return try chat.response(request, path: path.dropFirst(3)) }
        guard path == "generate" || path == "generate_stream" else { throw Failure(404, "Not Found") }
        let streams = path == "generate_stream"
        let fields = Fields(try request.object(), status: 422)
        try fields.only(["inputs", "parameters", "stream"])
        let parameters = try fields.fields("parameters") ?? Fields([:], status: 422)
        try parameters.only(Self.parameters)
        // The bounds are exclusive on the real server.
        let temperature = try parameters.number("temperature", 0...100)
        guard temperature != 0 else { throw Failure(422, "Input validation error: `temperature` must be strictly positive") }
        let top = try parameters.number("top_p", 0...1)
        guard top != 0, top != 1 else { throw Failure(422, "Input validation error: `top_p` must be > 0.0 and < 1.0") }
        let listsPrompt = try parameters.bool("decoder_input_details") ?? false
        guard !streams || !listsPrompt else {
            throw Failure(422, "Input validation error: `decoder_input_details` == true is not supported when streaming tokens")
        }
        var prompt = Prompt(model: "tgi")
        prompt.appendUser(try fields.requiredString("inputs"))
        prompt.limit = try parameters.integer("max_new_tokens") ?? 100
        prompt.stops = try parameters.strings("stop") ?? []
        let echo = EchoModel(prompt)
        let encoder = GenerateEncoder(
            prompt: prompt, choice: echo.choices[0], tokens: echo.tokens, listsPrompt: listsPrompt,
            hasDetails: try parameters.bool("details") ?? false, repeats: try parameters.bool("return_full_text") ?? false)
        let body: Response.Body =
            streams
            ? .stream(encoder.stream(), contentType: ServerSentEvents.contentType) : .whole(encoder.whole().jsonBytes())
        return Response(model: prompt.model, text: prompt.lastText, tokens: echo.tokens, body: body, directives: echo.directives)
    }

    func errorResponse(_ failure: Failure) -> ErrorResponse { chat.errorResponse(failure) }

    func streamError(_ failure: Failure) -> [UInt8]? { chat.streamError(failure) }
}

private struct GenerateEncoder {
    let prompt: Prompt
    let choice: EchoModel.Choice
    let tokens: Tokens
    let listsPrompt: Bool
    let hasDetails: Bool
    let repeats: Bool

    private var text: JSONValue { .string((repeats ? prompt.lastText : "") + choice.text) }

    private var reason: JSONValue {
        switch choice.finish {
        case .length: "length"
        case .stop: "stop_sequence"
        case .end, .toolCalls: "eos_token"
        }
    }

    func whole() -> JSONValue {
        let details: JSONValue = [
            "finish_reason": reason, "generated_tokens": .init(tokens.completion), "seed": .null,
            "prefill": .array(listsPrompt ? list(Words.split(prompt.lastText)) : []), "tokens": .array(list(choice.parts)),
        ]
        return .members(["generated_text": text, "details": hasDetails ? details : nil])
    }

    /// The last token has the details. It is a special token if the text is complete.
    func stream() -> [StreamChunk] {
        var events: [(token: JSONValue, tokens: Int)] = list(choice.parts).map { ($0, 1) }
        if choice.finish == .end { events.append((token("</s>", isSpecial: true), 0)) }
        let details: JSONValue = [
            "finish_reason": reason, "generated_tokens": .init(tokens.completion), "seed": .null,
            "input_length": .init(tokens.prompt),
        ]
        return events.enumerated().map { index, event in
            let isLast = index == events.count - 1
            let json: JSONValue = [
                "index": .init(index + 1), "token": event.token, "generated_text": isLast ? text : .null,
                "details": isLast && hasDetails ? details : .null,
            ]
            return ServerSentEvents.data(json, tokens: event.tokens, settles: isLast)
        }
    }

    private func list(_ words: [Substring]) -> [JSONValue] { words.map { token(String($0), isSpecial: false) } }

    private func token(_ text: String, isSpecial: Bool) -> JSONValue {
        ["id": .init(text.utf8.count), "text": .string(text), "logprob": -0.5, "special": .bool(isSpecial)]
    }
}
