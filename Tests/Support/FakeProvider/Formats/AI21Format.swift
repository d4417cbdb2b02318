internal import JSON
internal import Primitives

/// AI21 Labs: chats of the Jamba models in OpenAI's format, and completions of the J2 models.
struct AI21Format: ProviderFormat {
    private let chat: OpenAIFormat
    private let credentials: Credentials

    private static let known: Set<String> = [
        "prompt", "numResults", "maxTokens", "minTokens", "temperature", "topP", "topKReturn", "stopSequences", "countPenalty",
        "presencePenalty", "frequencyPenalty",
    ]

    init(_ credentials: Credentials) {
        chat = OpenAIFormat(.ai21, credentials)
        self.credentials = credentials
    }

    func response(_ request: Request, path: Substring) throws(Failure) -> Response {
        guard path.hasSuffix("/complete") else { return try chat.response(request, path: path) }
        guard credentials.isBearer(request) else { throw Failure(401, "Forbidden: Bad or missing API token.") }
        let fields = Fields(try request.object(), status: 422)
        try fields.only(Self.known)
        var prompt = Prompt(model: PercentEncoding.decode(path.dropLast("/complete".count)))
        prompt.appendUser(try fields.requiredString("prompt"))
        prompt.choices = try fields.integer("numResults", 1...16) ?? 1
        prompt.limit = try fields.integer("maxTokens", 0...8192) ?? 16
        prompt.stops = try fields.strings("stopSequences") ?? []
        try fields.number("temperature", 0...5)
        try fields.number("topP", 0...1)
        let echo = EchoModel(prompt)
        let completions = echo.choices.map { choice -> JSONValue in
            let reason: JSONValue =
                switch choice.finish {
                case .length: ["reason": "length", "length": .init(prompt.limit ?? 0)]
                case .stop(let sequence): ["reason": "stop", "sequence": .string(sequence)]
                case .end, .toolCalls: ["reason": "endoftext"]
                }
            return ["data": ["text": .string(choice.text), "tokens": tokens(choice.text)], "finishReason": reason]
        }
        let body: JSONValue = [
            "id": .string("\(request.serial)"), "prompt": ["text": .string(prompt.lastText), "tokens": tokens(prompt.lastText)],
            "completions": .array(completions),
        ]
        return Response(
            model: prompt.model, text: prompt.lastText, tokens: echo.tokens, body: .whole(body.jsonBytes()),
            directives: echo.directives)
    }

    private func tokens(_ text: String) -> JSONValue {
        .array(Words.split(text).map { ["generatedToken": ["token": .string(String($0)), "logprob": -0.5]] })
    }

    func errorResponse(_ failure: Failure) -> ErrorResponse { chat.errorResponse(failure) }

    func streamError(_ failure: Failure) -> [UInt8]? { chat.streamError(failure) }
}
