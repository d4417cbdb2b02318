internal import JSON

/// Embeddings with InvokeModel.
enum InvokeEmbeddings {
    static func titan(_ fields: Fields, _ model: String) throws(Failure) -> Response {
        try fields.only(["inputText", "dimensions", "normalize", "embeddingTypes"])
        let text = try fields.requiredString("inputText")
        let dimensions = try fields.integer("dimensions", 1...1024) ?? Vectors.dimensions
        let tokens = Tokens(prompt: Words.count(text))
        let vector = Vectors.json(Vectors.vector(of: text, dimensions: dimensions))
        let body: JSONValue = [
            "embedding": vector, "embeddingsByType": ["float": vector], "inputTextTokenCount": .init(tokens.prompt),
        ]
        return Response(model: model, text: text, tokens: tokens, body: .whole(body.jsonBytes()))
    }

    static func cohere(_ fields: Fields, _ model: String, _ serial: Int) throws(Failure) -> Response {
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
        return Response(model: model, text: texts.last ?? "", tokens: tokens, body: .whole(body.jsonBytes()))
    }
}
