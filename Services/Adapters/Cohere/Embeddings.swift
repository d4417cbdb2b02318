internal import AdapterKit
internal import JSON

/// Translates embeddings of one or several strings.
enum Embeddings {
    static func request(_ request: JSONObject) throws(AdapterError) -> JSONObject {
        let texts = try OpenAIRequest.embeddingInputs(request, of: ChatRequest.models)
        // OpenAI has no parameter for the purpose of the embeddings; clients may send Cohere's `input_type`.
        var body: JSONObject = [
            "texts": .array(texts), "input_type": request["input_type"] ?? "search_document", "embedding_types": ["float"],
        ]
        OpenAIRequest.mapParameters([("dimensions", "output_dimension"), ("truncate", "truncate")], from: request, to: &body)
        return body
    }

    static func response(_ object: JSONObject, _ model: String, asBase64: Bool) throws(AdapterError) -> DecodedResponse {
        guard let embeddings = object["embeddings"]?["float"]?.arrayValue else {
            throw .malformed("the response has no embeddings")
        }
        let usage = object["meta"].flatMap(CohereUsage.decode)
        let body = OpenAIResponseBuilder.embeddings(embeddings, model: model, usage: usage, asBase64: asBase64)
        return DecodedResponse(body, usage: usage)
    }
}
