internal import AdapterKit
internal import JSON

/// A form of embeddings by InvokeModel.
protocol EmbeddingFormat {
    /// A request for the model, from one as OpenAI's API has it.
    static func body(_ request: JSONObject, model: ModelID) throws(AdapterError) -> JSONObject

    /// The embeddings of a response.
    static func vectors(_ response: JSONObject) throws(AdapterError) -> [JSONValue]

    /// The counts of a response, if its body has them.
    static func counts(of response: JSONObject) -> TokenCounts?
}

/// Titan's form of embeddings, as "Inference request parameters and response fields for foundation models" in Bedrock's user guide
/// has it.
enum TitanEmbedding: EmbeddingFormat {
    private static let models = "Titan's models"

    static func body(_ request: JSONObject, model: ModelID) throws(AdapterError) -> JSONObject {
        let texts = try OpenAIRequest.embeddingInputs(request, of: models)
        guard texts.count == 1 else { throw .unsupported("\(models) embed one text at a time, and not \(texts.count)") }
        var body: JSONObject = ["inputText": texts[0]]
        if model.text.contains("titan-embed-text-v2") {
            OpenAIRequest.mapParameters(["dimensions", "normalize"].map { ($0, $0) }, from: request, to: &body)
        } else {
            try OpenAIRequest.rejectUnsupported([("dimensions", [])], in: request, of: "Titan's models before the second version")
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

/// Cohere's form of embeddings at Bedrock, from the same place.
enum CohereEmbedding: EmbeddingFormat {
    static func body(_ request: JSONObject, model: ModelID) throws(AdapterError) -> JSONObject {
        // OpenAI has no word for what the embeddings are for; a client that knows Cohere may say it in Cohere's.
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

    /// How many tokens the texts had stands in a header only.
    static func counts(of response: JSONObject) -> TokenCounts? { nil }
}
