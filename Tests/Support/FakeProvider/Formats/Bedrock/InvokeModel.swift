internal import JSON

/// `invoke` and `invoke-with-response-stream`, in the forms of the models' makers: Anthropic's messages, texts of Titan and Llama,
/// embeddings of Titan and Cohere.
enum InvokeModel {
    static func answer(_ fields: Fields, model: String, serial: Int, streams: Bool) throws(Failure) -> Answer {
        // An inference profile begins with a region: `us.anthropic.claude-…`.
        var answer: Answer
        if model.contains("anthropic.") {
            answer = try messages(fields, model, serial, streams: streams)
        } else if model.contains("amazon.titan-text") {
            answer = try InvokeText.titan(fields, model, streams: streams)
        } else if model.contains("meta.llama") {
            answer = try InvokeText.llama(fields, model, streams: streams)
        } else if model.contains("amazon.titan-embed"), !streams {
            answer = try InvokeEmbeddings.titan(fields, model)
        } else if model.contains("cohere.embed"), !streams {
            answer = try InvokeEmbeddings.cohere(fields, model, serial)
        } else {
            throw Failure(400, "The provided model identifier is invalid.", code: "ValidationException")
        }
        answer.headers = [
            ("x-amzn-bedrock-input-token-count", "\(answer.tokens.input)"),
            ("x-amzn-bedrock-output-token-count", "\(answer.tokens.completion)"),
        ]
        return answer
    }

    private static func messages(_ fields: Fields, _ model: String, _ serial: Int, streams: Bool) throws(Failure) -> Answer {
        guard try fields.requiredString("anthropic_version") == "bedrock-2023-05-31" else {
            throw fields.invalid("anthropic_version", "Input should be 'bedrock-2023-05-31'")
        }
        var answer = try AnthropicMessages.answer(fields, model: model, serial: serial, streams: streams)
        if case .stream(let pieces, _) = answer.body {
            var chunks = pieces.map { piece in
                // The data of the event, without its name.
                let start = piece.bytes.firstIndex(of: UInt8(ascii: "{")) ?? 0
                let json = (try? JSONValue(parsing: piece.bytes[start...].dropLast(2)))?.objectValue ?? [:]
                return chunk(json, tokens: piece.tokens, settles: piece.settles)
            }
            chunks[chunks.count - 1] = chunk(metrics(answer.tokens).with(["type": "message_stop"]))
            answer.body = .stream(chunks, contentType: EventStream.contentType)
        }
        return answer
    }

    /// An event of a model's in one of Amazon's.
    static func chunk(_ event: JSONObject, tokens: Int = 0, settles: Bool = false) -> Piece {
        let payload: JSONValue = ["bytes": .string(Base64.encode(JSONValue.object(event).jsonBytes()))]
        return Piece(bytes: EventStream.event("chunk", payload.jsonBytes()), tokens: tokens, settles: settles)
    }

    /// What stands in the last event of each stream.
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
