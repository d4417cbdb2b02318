internal import JSON
internal import Primitives

/// Google's Gemini: `generateContent`, its stream, and embeddings.
struct GeminiFormat: ProviderFormat {
    private let credentials: Credentials

    init(_ credentials: Credentials) {
        self.credentials = credentials
    }

    func response(_ request: Request, path: Substring) throws(Failure) -> Response {
        guard request.header("x-goog-api-key") == credentials.key || request.parameter("key") == credentials.key else {
            throw Failure(400, "API key not valid. Please pass a valid API key.")
        }
        guard let colon = path.lastIndex(of: ":") else { throw Failure(404, "Requested entity was not found.") }
        let model = PercentEncoding.decode(path[..<colon])
        guard !model.hasPrefix("no-such") else {
            throw Failure(404, "models/\(model) is not found for API version v1beta, or is not supported for generateContent.")
        }
        let fields = Fields(try request.object())
        switch path[path.index(after: colon)...] {
        case "generateContent": return try generate(fields, model, stream: nil, request)
        case "streamGenerateContent":
            return try generate(fields, model, stream: request.parameter("alt") == "sse" ? .events : .list, request)
        case "embedContent": return try GeminiEmbeddings.one(fields, model)
        case "batchEmbedContents": return try GeminiEmbeddings.many(fields, model)
        default: throw Failure(404, "Requested entity was not found.")
        }
    }

    /// A stream consists of events, or of an array whose elements are sent one by one.
    private enum Stream {
        case events
        case list
    }

    private func generate(_ fields: Fields, _ model: String, stream: Stream?, _ request: Request) throws(Failure) -> Response {
        let prompt = try GeminiContents.prompt(fields, model: model)
        let echo = EchoModel(prompt)
        let encoder = GeminiEncoder(model: model, echo: echo, serial: request.serial)
        let body: Response.Body
        switch stream {
        case nil: body = .whole(encoder.whole().jsonBytes())
        case .events:
            body = .stream(
                encoder.parts().map { ServerSentEvents.data($0.json, tokens: $0.tokens, settles: $0.isLast) },
                contentType: "text/event-stream")
        case .list:
            let pieces = encoder.parts().enumerated().map { index, part in
                let bytes = Array((index == 0 ? "[" : ",\r\n").utf8) + part.json.jsonBytes() + Array((part.isLast ? "]" : "").utf8)
                return StreamChunk(bytes: bytes, tokens: part.tokens, settles: part.isLast)
            }
            body = .stream(pieces, contentType: "application/json; charset=UTF-8")
        }
        return Response(model: model, text: prompt.lastText, tokens: echo.tokens, body: body, directives: echo.directives)
    }

    func errorResponse(_ failure: Failure) -> ErrorResponse { ErrorResponse(body: Self.body(failure).jsonBytes()) }

    func streamError(_ failure: Failure) -> [UInt8]? { ServerSentEvents.data(Self.body(failure)).bytes }

    private static func body(_ failure: Failure) -> JSONValue {
        let status: JSONValue =
            switch failure.status {
            case 400: "INVALID_ARGUMENT"
            case 401: "UNAUTHENTICATED"
            case 403: "PERMISSION_DENIED"
            case 404: "NOT_FOUND"
            case 429: "RESOURCE_EXHAUSTED"
            case 503: "UNAVAILABLE"
            case 504: "DEADLINE_EXCEEDED"
            default: "INTERNAL"
            }
        return ["error": ["code": .init(failure.status), "message": .string(failure.message), "status": status]]
    }
}

private struct GeminiEncoder {
    let model: String
    let echo: EchoModel
    let serial: Int

    func whole() -> JSONValue {
        let candidates = echo.choices.enumerated().map { index, choice in
            let parts: [JSONValue] =
                choice.toolCalls.isEmpty
                ? [["text": .string(choice.text)]]
                : choice.toolCalls.map { ["functionCall": ["name": .string($0.name), "args": $0.input]] }
            return candidate(index, parts, reason(choice))
        }
        return response(candidates, usage(isLast: true))
    }

    /// The parts of a stream.
    func parts() -> [(json: JSONValue, tokens: Int, isLast: Bool)] {
        var parts: [(json: JSONValue, tokens: Int, isLast: Bool)] = []
        for (index, choice) in echo.choices.enumerated() {
            for text in choice.parts {
                parts.append((response([candidate(index, [["text": .string(String(text))]], nil)], usage(isLast: false)), 1, false))
            }
            for call in choice.toolCalls {
                let part: JSONValue = ["functionCall": ["name": .string(call.name), "args": call.input]]
                parts.append((response([candidate(index, [part], nil)], usage(isLast: false)), call.tokens, false))
            }
            let isLast = index == echo.choices.count - 1
            parts.append((response([candidate(index, [["text": ""]], reason(choice))], usage(isLast: isLast)), 0, isLast))
        }
        return parts
    }

    private func candidate(_ index: Int, _ parts: [JSONValue], _ reason: JSONValue?) -> JSONValue {
        .members(["content": ["parts": .array(parts), "role": "model"], "finishReason": reason, "index": .init(index)])
    }

    private func reason(_ choice: EchoModel.Choice) -> JSONValue { choice.finish == .length ? "MAX_TOKENS" : "STOP" }

    private func response(_ candidates: [JSONValue], _ usage: JSONValue) -> JSONValue {
        [
            "candidates": .array(candidates), "usageMetadata": usage, "modelVersion": .string(model),
            "responseId": .string("response-\(serial)"),
        ]
    }

    private func usage(isLast: Bool) -> JSONValue {
        let tokens = echo.tokens
        let said = isLast ? JSONValue(tokens.completion) : nil
        // Tool results are counted separately from the prompt.
        return .members([
            "promptTokenCount": .init(tokens.prompt - tokens.tools), "candidatesTokenCount": said,
            "toolUsePromptTokenCount": tokens.tools > 0 ? .init(tokens.tools) : nil,
            "cachedContentTokenCount": tokens.read > 0 ? .init(tokens.read) : nil,
            "totalTokenCount": .init(tokens.prompt + (isLast ? tokens.completion : 0)),
            "serviceTier": .string(tokens.tier == .standard ? "standard" : tokens.tier.rawValue),
        ])
    }
}
