internal import AdapterKit
internal import JSON

/// A form of embeddings by InvokeModel.
protocol EmbeddingForm {
    /// A request for the model, from one as OpenAI's API has it.
    static func body(_ request: JSONObject, model: ModelID) throws(AdapterError) -> JSONObject

    /// The embeddings of an answer.
    static func vectors(_ answer: JSONObject) throws(AdapterError) -> [JSONValue]

    /// The counts of an answer, if its body has them.
    static func counts(of answer: JSONObject) -> TokenCounts?
}

/// Titan's form of embeddings, as "Inference request parameters and response fields for foundation models" in Bedrock's user guide
/// has it.
enum TitanEmbedding: EmbeddingForm {
    private static let models = "Titan's models"

    static func body(_ request: JSONObject, model: ModelID) throws(AdapterError) -> JSONObject {
        let texts = try OpenAIRequest.texts(request, of: models)
        guard texts.count == 1 else { throw .unsupported("\(models) embed one text at a time, and not \(texts.count)") }
        var body: JSONObject = ["inputText": texts[0]]
        if model.text.contains("titan-embed-text-v2") {
            OpenAIRequest.rename(["dimensions", "normalize"].map { ($0, $0) }, from: request, to: &body)
        } else {
            try OpenAIRequest.refuse([("dimensions", [])], in: request, of: "Titan's models before the second version")
        }
        return body
    }

    static func vectors(_ answer: JSONObject) throws(AdapterError) -> [JSONValue] {
        guard let vector = answer["embedding"], vector.arrayValue != nil else { throw .malformed("the answer has no embedding") }
        return [vector]
    }

    static func counts(of answer: JSONObject) -> TokenCounts? { answer["inputTextTokenCount"]?.integerValue.map { TokenCounts(input: $0) } }
}

/// Cohere's form of embeddings at Bedrock, from the same place.
enum CohereEmbedding: EmbeddingForm {
    static func body(_ request: JSONObject, model: ModelID) throws(AdapterError) -> JSONObject {
        // OpenAI has no word for what the embeddings are for; a client that knows Cohere may say it in Cohere's.
        var body: JSONObject = [
            "texts": .array(try OpenAIRequest.texts(request, of: "Cohere's models")),
            "input_type": request["input_type"] ?? "search_document", "embedding_types": ["float"],
        ]
        OpenAIRequest.rename([("dimensions", "output_dimension"), ("truncate", "truncate")], from: request, to: &body)
        return body
    }

    static func vectors(_ answer: JSONObject) throws(AdapterError) -> [JSONValue] {
        let embeddings = answer["embeddings"]
        guard let vectors = embeddings?["float"]?.arrayValue ?? embeddings?.arrayValue else {
            throw .malformed("the answer has no embeddings")
        }
        return vectors
    }

    /// How many tokens the texts had stands in a header only.
    static func counts(of answer: JSONObject) -> TokenCounts? { nil }
}
