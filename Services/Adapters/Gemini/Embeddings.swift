internal import AdapterKit
internal import JSON

/// Translates embeddings of one or several strings into `batchEmbedContents`.
enum Embeddings {
    static func request(_ request: JSONObject, _ model: String) throws(AdapterError) -> JSONObject {
        let texts = try OpenAIRequest.embeddingInputs(request, of: GenerateContentRequest.models)
        let requests = texts.map { text in
            var entry: JSONObject = ["model": .string("models/\(model)"), "content": ["parts": [["text": text]]]]
            if let dimensions = request["dimensions"], dimensions != .null { entry["outputDimensionality"] = dimensions }
            return JSONValue.object(entry)
        }
        return ["requests": .array(requests)]
    }

    /// Translates a response. Gemini reports no usage for embeddings.
    static func response(_ object: JSONObject, _ model: String, asBase64: Bool) throws(AdapterError) -> DecodedResponse {
        guard let embeddings = object["embeddings"]?.arrayValue else { throw .malformed("the response has no embeddings") }
        let vectors = embeddings.map { $0["values"] ?? [] }
        return DecodedResponse(OpenAIResponseBuilder.embeddings(vectors, model: model, usage: nil, asBase64: asBase64), usage: nil)
    }
}
