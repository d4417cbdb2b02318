internal import JSON

/// `invoke` and `invoke-with-response-stream`, in the forms of the models' makers: Anthropic's messages, Amazon's Titan texts and
/// embeddings, and Cohere's embeddings.
enum InvokeModel {
    static func answer(_ fields: Fields, model: String, serial: Int) throws(Failure) -> Answer {
        // An inference profile begins with a region: `us.anthropic.claude-…`.
        if model.contains("anthropic.") { return try messages(fields, model, serial, streams: false) }
        if model.contains("amazon.titan-embed") { return try titanEmbedding(fields, model) }
        if model.contains("cohere.embed") { return try cohereEmbedding(fields, model, serial) }
        if model.contains("amazon.titan-text") { return try titanText(fields, model) }
        throw Failure(400, "The provided model identifier is invalid.", code: "ValidationException")
    }

    static func stream(_ fields: Fields, model: String, serial: Int) throws(Failure) -> Answer {
        guard model.contains("anthropic.") else { throw Failure(400, "The model is unsupported for streaming", code: "ValidationException") }
        return try messages(fields, model, serial, streams: true)
    }

    private static func messages(_ fields: Fields, _ model: String, _ serial: Int, streams: Bool) throws(Failure) -> Answer {
        guard try fields.requiredString("anthropic_version") == "bedrock-2023-05-31" else {
            throw fields.invalid("anthropic_version", "Input should be 'bedrock-2023-05-31'")
        }
        var answer = try AnthropicMessages.answer(fields, model: model, serial: serial, streams: streams)
        if case .stream(let pieces, _) = answer.body {
            answer.body = .stream(pieces.map(chunk), contentType: EventStream.contentType)
        }
        return answer
    }

    /// An event of Anthropic's in one of Amazon's, without its name.
    private static func chunk(_ piece: Piece) -> Piece {
        var chunk = piece
        let start = piece.bytes.firstIndex(of: UInt8(ascii: "{")) ?? 0
        let payload: JSONValue = ["bytes": .string(Base64.encode(Array(piece.bytes[start...].dropLast(2))))]
        chunk.bytes = EventStream.event("chunk", payload.jsonBytes())
        return chunk
    }

    private static func titanEmbedding(_ fields: Fields, _ model: String) throws(Failure) -> Answer {
        try fields.only(["inputText", "dimensions", "normalize", "embeddingTypes"])
        let text = try fields.requiredString("inputText")
        let dimensions = try fields.integer("dimensions", 1...1024) ?? Vectors.dimensions
        let tokens = Tokens(prompt: Words.count(text))
        let vector = Vectors.json(Vectors.vector(of: text, dimensions: dimensions))
        let body: JSONValue = ["embedding": vector, "embeddingsByType": ["float": vector], "inputTextTokenCount": .init(tokens.prompt)]
        return Answer(model: model, text: text, tokens: tokens, body: .whole(body.jsonBytes()))
    }

    /// Tells the tokens in no way but a header of Amazon's, which this fake lacks.
    private static func cohereEmbedding(_ fields: Fields, _ model: String, _ serial: Int) throws(Failure) -> Answer {
        try fields.only(["texts", "input_type", "truncate", "embedding_types", "output_dimension", "images", "max_tokens"])
        _ = try fields.requiredString("input_type")
        guard let texts = try fields.strings("texts"), !texts.isEmpty else { throw fields.missing("texts") }
        guard texts.count <= 96 else { throw fields.invalid("texts", "at most 96 texts can be embedded at once") }
        let dimensions = try fields.integer("output_dimension", 1...1536) ?? Vectors.dimensions
        let vectors = JSONValue.array(texts.map { Vectors.json(Vectors.vector(of: $0, dimensions: dimensions)) })
        let hasTypes = try fields.strings("embedding_types") != nil
        let body: JSONValue = [
            "id": .string("e-\(serial)"), "texts": .array(texts.map { .string($0) }),
            "embeddings": hasTypes ? ["float": vectors] : vectors,
            "response_type": hasTypes ? "embeddings_by_type" : "embeddings_floats",
        ]
        let tokens = Tokens(prompt: texts.reduce(0) { $0 + Words.count($1) })
        return Answer(model: model, text: texts.last ?? "", tokens: tokens, body: .whole(body.jsonBytes()))
    }

    private static func titanText(_ fields: Fields, _ model: String) throws(Failure) -> Answer {
        try fields.only(["inputText", "textGenerationConfig"])
        var prompt = Prompt(model: model)
        prompt.hearUser(try fields.requiredString("inputText"))
        if let config = try fields.fields("textGenerationConfig") {
            try config.only(["temperature", "topP", "maxTokenCount", "stopSequences"])
            prompt.limit = try config.integer("maxTokenCount")
            prompt.stops = try config.strings("stopSequences") ?? []
            try config.number("temperature", 0...1)
        }
        let echo = EchoModel(prompt)
        let choice = echo.choices[0]
        let result: JSONValue = [
            "tokenCount": .init(echo.tokens.completion), "outputText": .string(choice.text),
            "completionReason": choice.finish == .length ? "LENGTH" : "FINISH",
        ]
        let body: JSONValue = ["inputTextTokenCount": .init(echo.tokens.prompt), "results": [result]]
        return Answer(
            model: model, text: prompt.lastText, tokens: echo.tokens, body: .whole(body.jsonBytes()), directives: echo.directives)
    }
}
