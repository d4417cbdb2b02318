internal import JSON

/// A model served by MLflow. The model is `mlflow`, or `mlflow-embeddings` under `/embeddings`.
struct MLflowServingFormat: ProviderFormat {
    func response(_ request: Request, path: Substring) throws(Failure) -> Response {
        let isEmbedding = path == "embeddings/invocations"
        guard isEmbedding || path == "invocations" else { throw Failure(404, "Not Found", code: "ENDPOINT_NOT_FOUND") }
        guard request.header("content-type")?.hasPrefix("application/json") == true else {
            throw Failure(415, "This predictor only supports the following content types: application/json")
        }
        let fields = Fields(try request.object())
        try fields.only(["inputs", "params"])
        guard let texts = try fields.strings("inputs"), !texts.isEmpty else { throw fields.missing("inputs") }
        let limit = try fields.fields("params")?.integer("max_tokens")
        let model = isEmbedding ? "mlflow-embeddings" : "mlflow"
        var tokens = Tokens()
        let predictions = texts.map { text -> JSONValue in
            guard !isEmbedding else {
                tokens.prompt += Words.count(text)
                return Vectors.json(Vectors.vector(of: text))
            }
            var prompt = Prompt(model: model)
            prompt.appendUser(text)
            prompt.limit = limit
            let echo = EchoModel(prompt)
            tokens.prompt += echo.tokens.prompt
            tokens.completion += echo.tokens.completion
            return .string(echo.choices[0].text)
        }
        let body: JSONValue = ["predictions": .array(predictions)]
        return Response(model: model, text: texts.last ?? "", tokens: tokens, body: .whole(body.jsonBytes()))
    }

    func errorResponse(_ failure: Failure) -> ErrorResponse {
        let code = failure.status < 500 ? "BAD_REQUEST" : "INTERNAL_ERROR"
        return ErrorResponse(body: JSONValue.object(["error_code": .string(code), "message": .string(failure.message)]).jsonBytes())
    }

    func streamError(_ failure: Failure) -> [UInt8]? { nil }
}
