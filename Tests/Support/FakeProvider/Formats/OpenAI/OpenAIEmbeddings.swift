internal import JSON

/// `POST /embeddings`
enum OpenAIEmbeddings {
    private static let known: Set<String> = [
        // The last two are Mistral's.
        "model", "input", "dimensions", "encoding_format", "user", "output_dimension", "output_dtype",
    ]

    static func response(_ fields: Fields, model: String) throws(Failure) -> Response {
        try fields.only(known)
        let texts = try Inputs.texts(fields, "input")
        let dimensions = try fields.first("dimensions", "output_dimension") { name throws(Failure) in
            try fields.integer(name, 1...3072)
        }
        let format = try fields.string("encoding_format") ?? "float"
        guard ["float", "base64"].contains(format) else {
            throw fields.invalid("encoding_format", "'\(format)'. Supported values are: 'float' and 'base64'.")
        }
        let data = texts.enumerated().map { index, text -> JSONValue in
            let vector = Vectors.vector(of: text, dimensions: dimensions ?? Vectors.dimensions)
            return [
                "object": "embedding", "index": .init(index),
                "embedding": format == "base64" ? Vectors.base64(vector) : Vectors.json(vector),
            ]
        }
        let tokens = Tokens(prompt: texts.reduce(0) { $0 + Words.count($1) })
        let usage: JSONValue = ["prompt_tokens": .init(tokens.prompt), "total_tokens": .init(tokens.prompt)]
        let body: JSONValue = ["object": "list", "data": .array(data), "model": .string(model), "usage": usage]
        return Response(model: model, text: texts.last ?? "", tokens: tokens, body: .whole(body.jsonBytes()))
    }
}
