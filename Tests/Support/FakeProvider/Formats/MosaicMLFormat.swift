internal import JSON
internal import Primitives

/// MosaicML's inference API: text from all models except those with embedding in their names.
struct MosaicMLFormat: ProviderFormat {
    let credentials: Credentials

    init(_ credentials: Credentials) {
        self.credentials = credentials
    }

    func response(_ request: Request, path: Substring) throws(Failure) -> Response {
        guard path.hasSuffix("/v1/predict") else { throw Failure(404, "Not Found") }
        // The header contains only the key.
        guard request.header("authorization") == credentials.key else { throw Failure(401, "Invalid API key") }
        let model = PercentEncoding.decode(path.dropLast("/v1/predict".count))
        let fields = Fields(try request.object())
        try fields.only(["inputs", "parameters"])
        guard let texts = try fields.strings("inputs"), !texts.isEmpty else { throw fields.missing("inputs") }
        let parameters = try fields.fields("parameters") ?? Fields([:])
        let isEmbedding = model.contains("instructor") || model.contains("embed")
        var tokens = Tokens()
        var outputs: [JSONValue] = []
        for text in texts {
            guard !isEmbedding else {
                tokens.prompt += Words.count(text)
                outputs.append(Vectors.json(Vectors.vector(of: text)))
                continue
            }
            var prompt = Prompt(model: model)
            prompt.appendUser(text)
            prompt.limit = try parameters.integer("max_new_tokens")
            try OpenAIMessages.readStops(parameters, into: &prompt)
            try parameters.number("temperature", 0...5)
            let echo = EchoModel(prompt)
            tokens.prompt += echo.tokens.prompt
            tokens.completion += echo.tokens.completion
            outputs.append(.string(echo.choices[0].text))
        }
        let body: JSONValue = ["outputs": .array(outputs)]
        return Response(model: model, text: texts.last ?? "", tokens: tokens, body: .whole(body.jsonBytes()))
    }

    func errorResponse(_ failure: Failure) -> ErrorResponse {
        ErrorResponse(body: JSONValue.object(["message": .string(failure.message)]).jsonBytes())
    }

    func streamError(_ failure: Failure) -> [UInt8]? { nil }
}
