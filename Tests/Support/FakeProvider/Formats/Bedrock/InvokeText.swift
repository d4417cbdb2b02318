internal import JSON

/// Completions with InvokeModel.
enum InvokeText {
    static func titan(_ fields: Fields, _ model: String, streams: Bool) throws(Failure) -> Response {
        try fields.only(["inputText", "textGenerationConfig"])
        var prompt = Prompt(model: model)
        prompt.appendUser(try fields.requiredString("inputText"))
        if let config = try fields.fields("textGenerationConfig") {
            try config.only(["temperature", "topP", "maxTokenCount", "stopSequences"])
            prompt.limit = try config.integer("maxTokenCount")
            prompt.stops = try config.strings("stopSequences") ?? []
            try config.number("temperature", 0...1)
        }
        let echo = EchoModel(prompt)
        let reason: JSONValue = echo.choices[0].finish == .length ? "LENGTH" : "FINISH"
        let result: JSONValue = [
            "tokenCount": .init(echo.tokens.completion), "outputText": .string(echo.choices[0].text), "completionReason": reason,
        ]
        let whole: JSONValue = ["inputTextTokenCount": .init(echo.tokens.prompt), "results": [result]]
        return response(prompt, echo, whole, streams: streams) { text, sent, isLast in
            [
                "outputText": .string(text), "index": 0, "totalOutputTextTokenCount": isLast ? .init(sent) : .null,
                "completionReason": isLast ? reason : .null, "inputTextTokenCount": .init(echo.tokens.prompt),
            ]
        }
    }

    static func llama(_ fields: Fields, _ model: String, streams: Bool) throws(Failure) -> Response {
        try fields.only(["prompt", "max_gen_len", "temperature", "top_p"])
        var prompt = Prompt(model: model)
        prompt.appendUser(try fields.requiredString("prompt"))
        prompt.limit = try fields.integer("max_gen_len", 1...2048) ?? 512
        try fields.number("temperature", 0...1)
        try fields.number("top_p", 0...1)
        let echo = EchoModel(prompt)
        let reason: JSONValue = echo.choices[0].finish == .length ? "length" : "stop"
        func event(_ text: String, _ sent: Int, isLast: Bool) -> JSONObject {
            [
                "generation": .string(text), "prompt_token_count": .init(echo.tokens.prompt), "generation_token_count": .init(sent),
                "stop_reason": isLast ? reason : .null,
            ]
        }
        let whole = event(echo.choices[0].text, echo.tokens.completion, isLast: true)
        return response(prompt, echo, .object(whole), streams: streams, event)
    }

    /// - Parameter event: creates an event from a text, the number of tokens sent so far, and whether it is the last one.
    private static func response(
        _ prompt: Prompt, _ echo: EchoModel, _ whole: JSONValue, streams: Bool,
        _ event: (_ text: String, _ sent: Int, _ isLast: Bool) -> JSONObject
    ) -> Response {
        var pieces: [StreamChunk] = []
        if streams {
            for part in echo.choices[0].parts {
                pieces.append(InvokeModel.chunk(event(String(part), pieces.count + 1, false), tokens: 1))
            }
            let last = event("", echo.tokens.completion, true).with(InvokeModel.metrics(echo.tokens))
            pieces.append(InvokeModel.chunk(last, settles: true))
        }
        return Response(
            model: prompt.model, text: prompt.lastText, tokens: echo.tokens,
            body: streams ? .stream(pieces, contentType: EventStream.contentType) : .whole(whole.jsonBytes()),
            directives: echo.directives)
    }
}
