internal import AdapterKit
internal import JSON

/// Embeddings of one or many texts.
enum Embeddings {
    static func request(_ request: JSONObject) throws(AdapterError) -> JSONObject {
        let texts = request["input"]?.stringValue.map { [$0] } ?? request["input"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard !texts.isEmpty, texts.count == request["input"]?.arrayValue?.count ?? 1 else {
            throw .unsupported("Cohere's models embed texts: 'input' must be a text or a list of texts")
        }
        if let format = request["encoding_format"], format != .null, format != "float" {
            throw .unsupported("Cohere's embeddings come as numbers: 'encoding_format' must be float")
        }
        // OpenAI has no word for what the embeddings are for; a client that knows Cohere may say it in Cohere's.
        var body: JSONObject = [
            "texts": .array(texts.map { .string($0) }), "input_type": request["input_type"] ?? "search_document",
            "embedding_types": ["float"],
        ]
        if let dimensions = request["dimensions"], dimensions != .null { body["output_dimension"] = dimensions }
        if let truncate = request["truncate"], truncate != .null { body["truncate"] = truncate }
        return body
    }

    static func answer(_ object: JSONObject, _ model: String) throws(AdapterError) -> DecodedAnswer {
        guard let embeddings = object["embeddings"]?["float"]?.arrayValue else { throw .malformed("the answer has no embeddings") }
        let usage = object["meta"].flatMap(CohereUsage.read)
        let data = embeddings.enumerated().map { index, embedding -> JSONValue in
            ["object": "embedding", "index": .integer(Int64(index)), "embedding": embedding]
        }
        let tokens = JSONValue.integer(usage?.promptTokens ?? 0)
        return DecodedAnswer(
            [
                "object": "list", "data": .array(data), "model": .string(model),
                "usage": ["prompt_tokens": tokens, "total_tokens": tokens],
            ], usage: usage)
    }
}
