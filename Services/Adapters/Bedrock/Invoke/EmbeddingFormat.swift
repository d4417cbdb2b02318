internal import AdapterKit
internal import JSON

/// A vendor's format of embeddings in InvokeModel.
protocol EmbeddingFormat {
    /// Translates a request of OpenAI's API.
    static func body(_ request: JSONObject, model: ModelID) throws(AdapterError) -> JSONObject

    /// The embeddings of a response.
    static func vectors(_ response: JSONObject) throws(AdapterError) -> [JSONValue]

    /// The counts in a response's body; `nil` if the format has none.
    static func counts(of response: JSONObject) -> TokenCounts?
}

/// Titan's format of embeddings: "Inference request parameters and response fields for foundation models" in Bedrock's user guide.
enum TitanEmbedding: EmbeddingFormat {
    private static let models = "Titan's models"

    static func body(_ request: JSONObject, model: ModelID) throws(AdapterError) -> JSONObject {
        let texts = try OpenAIRequest.embeddingInputs(request, of: models)
        guard texts.count == 1 else { throw .unsupported("\(models) accept only one 'input' string per request, not \(texts.count)") }
        var body: JSONObject = ["inputText": texts[0]]
        if model.text.contains("titan-embed-text-v2") {
            OpenAIRequest.mapParameters(["dimensions", "normalize"].map { ($0, $0) }, from: request, to: &body)
        } else {
            try OpenAIRequest.rejectUnsupported([("dimensions", [])], in: request, of: "Titan's models before version 2")
        }
        return body
    }

    static func vectors(_ response: JSONObject) throws(AdapterError) -> [JSONValue] {
        guard let vector = response["embedding"], vector.arrayValue != nil else {
            throw .malformed("the response has no embedding")
        }
        return [vector]
    }

    static func counts(of response: JSONObject) -> TokenCounts? {
        response["inputTextTokenCount"]?.integerValue.map { TokenCounts(input: $0) }
    }
}

/// Cohere's format of embeddings on Bedrock, from the same source.
enum CohereEmbedding: EmbeddingFormat {
    static func body(_ request: JSONObject, model: ModelID) throws(AdapterError) -> JSONObject {
        // OpenAI has no parameter for the purpose of the embeddings; clients may send Cohere's `input_type`.
        var body: JSONObject = [
            "texts": .array(try OpenAIRequest.embeddingInputs(request, of: "Cohere's models")),
            "input_type": request["input_type"] ?? "search_document", "embedding_types": ["float"],
        ]
        OpenAIRequest.mapParameters([("dimensions", "output_dimension"), ("truncate", "truncate")], from: request, to: &body)
        return body
    }

    static func vectors(_ response: JSONObject) throws(AdapterError) -> [JSONValue] {
        let embeddings = response["embeddings"]
        guard let vectors = embeddings?["float"]?.arrayValue ?? embeddings?.arrayValue else {
            throw .malformed("the response has no embeddings")
        }
        return vectors
    }

    /// Returns `nil`: only a header contains the token count.
    static func counts(of response: JSONObject) -> TokenCounts? { nil }
}
