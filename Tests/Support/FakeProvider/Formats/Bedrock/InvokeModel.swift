internal import JSON
internal import Primitives

/// `invoke` and `invoke-with-response-stream`, in the formats of the models' vendors: Anthropic's messages, text from Titan and Llama,
/// embeddings from Titan and Cohere.
enum InvokeModel {
    static func response(_ fields: Fields, model: String, serial: Int, streams: Bool) throws(Failure) -> Response {
        // An inference profile starts with a region: `us.anthropic.claude-…`.
        var response: Response
        if model.contains("anthropic.") {
            response = try messages(fields, model, serial, streams: streams)
        } else if model.contains("amazon.titan-text") {
            response = try InvokeText.titan(fields, model, streams: streams)
        } else if model.contains("meta.llama") {
            response = try InvokeText.llama(fields, model, streams: streams)
        } else if model.contains("amazon.titan-embed"), !streams {
            response = try InvokeEmbeddings.titan(fields, model)
        } else if model.contains("cohere.embed"), !streams {
            response = try InvokeEmbeddings.cohere(fields, model, serial)
        } else {
            throw Failure(400, "The provided model identifier is invalid.", code: "ValidationException")
        }
        response.headers = [
            ("x-amzn-bedrock-input-token-count", "\(response.tokens.input)"),
            ("x-amzn-bedrock-output-token-count", "\(response.tokens.completion)"),
        ]
        return response
    }

    private static func messages(_ fields: Fields, _ model: String, _ serial: Int, streams: Bool) throws(Failure) -> Response {
        guard try fields.requiredString("anthropic_version") == "bedrock-2023-05-31" else {
            throw fields.invalid("anthropic_version", "Input should be 'bedrock-2023-05-31'")
        }
        var response = try AnthropicMessages.response(fields, model: model, serial: serial, streams: streams)
        if case .stream(let pieces, _) = response.body {
            var chunks = pieces.map { piece in
                // Only the data of the event, without its name.
                let start = piece.bytes.firstIndex(of: UInt8(ascii: "{")) ?? 0
                let json = (try? JSONValue(parsing: piece.bytes[start...].dropLast(2)))?.objectValue ?? [:]
                return chunk(json, tokens: piece.tokens, settles: piece.settles)
            }
            chunks[chunks.count - 1] = chunk(metrics(response.tokens).with(["type": "message_stop"]))
            response.body = .stream(chunks, contentType: EventStream.contentType)
        }
        return response
    }

    /// Wraps a model's event in an event of Amazon's.
    static func chunk(_ event: JSONObject, tokens: Int = 0, settles: Bool = false) -> StreamChunk {
        let payload: JSONValue = ["bytes": .string(Base64.encode(JSONValue.object(event).jsonBytes()))]
        return StreamChunk(bytes: EventStream.event("chunk", payload.jsonBytes()), tokens: tokens, settles: settles)
    }

    /// The contents of the last event of each stream.
    static func metrics(_ tokens: Tokens) -> JSONObject {
        [
            "amazon-bedrock-invocationMetrics": [
                "inputTokenCount": .init(tokens.input), "outputTokenCount": .init(tokens.completion), "invocationLatency": 1,
                "firstByteLatency": 1, "cacheReadInputTokenCount": .init(tokens.read),
                "cacheWriteInputTokenCount": .init(tokens.allWritten),
            ]
        ]
    }
}
