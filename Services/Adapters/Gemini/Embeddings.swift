internal import AdapterKit
internal import JSON

/// Embeddings of one or many texts, by `batchEmbedContents`.
enum Embeddings {
    static func request(_ request: JSONObject, _ model: String) throws(AdapterError) -> JSONObject {
        let texts = request["input"]?.stringValue.map { [$0] } ?? request["input"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard !texts.isEmpty, texts.count == request["input"]?.arrayValue?.count ?? 1 else {
            throw .unsupported("Gemini's models embed texts: 'input' must be a text or a list of texts")
        }
        if let format = request["encoding_format"], format != .null, format != "float" {
            throw .unsupported("Gemini's embeddings come as numbers: 'encoding_format' must be float")
        }
        let requests = texts.map { text in
            var entry: JSONObject = ["model": .string("models/\(model)"), "content": ["parts": [["text": .string(text)]]]]
            if let dimensions = request["dimensions"], dimensions != .null { entry["outputDimensionality"] = dimensions }
            return JSONValue.object(entry)
        }
        return ["requests": .array(requests)]
    }

    /// Gemini doesn't say how many tokens the texts had.
    static func answer(_ object: JSONObject, _ model: String) throws(AdapterError) -> DecodedAnswer {
        guard let embeddings = object["embeddings"]?.arrayValue else { throw .malformed("the answer has no embeddings") }
        let data = embeddings.enumerated().map { index, embedding -> JSONValue in
            ["object": "embedding", "index": .integer(Int64(index)), "embedding": embedding["values"] ?? []]
        }
        return DecodedAnswer(
            [
                "object": "list", "data": .array(data), "model": .string(model), "usage": ["prompt_tokens": 0, "total_tokens": 0],
            ], usage: nil)
    }
}
