internal import JSON

/// `POST /completions`
enum OpenAICompletion {
    private static let known: Set<String> = [
        "model", "prompt", "best_of", "echo", "frequency_penalty", "logit_bias", "logprobs", "max_tokens", "n", "presence_penalty",
        "seed",
        "stop", "stream", "stream_options", "suffix", "temperature", "top_p", "user",
    ]

    static func response(
        _ fields: Fields, model: String, _ service: OpenAIFormat.Service, _ request: Request
    ) throws(Failure) -> Response {
        if service != .tgi { try fields.only(known) }
        let prompts = try Inputs.texts(fields, "prompt")
        try fields.number("temperature", 0...2)
        let streams = try fields.bool("stream") ?? false
        let includesUsage = try OpenAIChat.includesUsage(fields, streams: streams)
        let repeats = try fields.bool("echo") ?? false
        var choices: [EchoModel.Choice] = []
        var tokens = Tokens()
        for text in prompts {
            var prompt = Prompt(model: model)
            prompt.appendUser(text)
            prompt.choices = try fields.integer("n", 1...128) ?? 1
            // OpenAI's default length of completions.
            prompt.limit = try fields.integer("max_tokens", 0...Int.max) ?? 16
            try OpenAIMessages.readStops(fields, into: &prompt)
            if Directives(model: model, text: text).words != nil, fields["max_tokens"] == nil { prompt.limit = nil }
            let echo = EchoModel(prompt)
            choices += echo.choices.map { choice in
                var choice = choice
                if repeats { choice.text = text + choice.text }
                return choice
            }
            tokens.prompt += echo.tokens.prompt
            tokens.completion += echo.tokens.completion
        }
        let encoder = CompletionEncoder(id: "cmpl-\(request.serial)", model: model)
        let body: Response.Body =
            streams
            ? .stream(encoder.stream(choices, includesUsage ? tokens : nil), contentType: ServerSentEvents.contentType)
            : .whole(encoder.whole(choices, tokens).jsonBytes())
        return Response(model: model, text: prompts.last ?? "", tokens: tokens, body: body)
    }
}

private struct CompletionEncoder {
    let id: String
    let model: String

    func whole(_ choices: [EchoModel.Choice], _ tokens: Tokens) -> JSONValue {
        object(
            choices.enumerated().map { choice($0.element.text, $0.offset, ChatCompletionEncoder.reason($0.element.finish)) },
            usage: tokens)
    }

    func stream(_ choices: [EchoModel.Choice], _ usage: Tokens?) -> [StreamChunk] {
        var pieces: [StreamChunk] = []
        for (index, choice) in choices.enumerated() {
            pieces += choice.parts.map { ServerSentEvents.data(object([self.choice(String($0), index, nil)]), tokens: 1) }
            pieces.append(ServerSentEvents.data(object([self.choice("", index, ChatCompletionEncoder.reason(choice.finish))])))
        }
        if let usage { pieces.append(ServerSentEvents.data(object([], usage: usage), settles: true)) }
        return pieces + [ServerSentEvents.done]
    }

    private func object(_ choices: [JSONValue], usage: Tokens? = nil) -> JSONValue {
        .members([
            "id": .string(id), "object": "text_completion", "created": .integer(OpenAIFormat.created), "model": .string(model),
            "choices": .array(choices), "usage": usage.map(OpenAIUsage.json), "system_fingerprint": "fp_fake",
        ])
    }

    private func choice(_ text: String, _ index: Int, _ reason: String?) -> JSONValue {
        ["text": .string(text), "index": .init(index), "logprobs": .null, "finish_reason": reason.map { .string($0) } ?? .null]
    }
}

enum OpenAIUsage {
    static func json(_ tokens: Tokens) -> JSONValue {
        [
            "prompt_tokens": .init(tokens.prompt), "completion_tokens": .init(tokens.completion),
            "total_tokens": .init(tokens.total),
        ]
    }
}

/// One or several inputs, as strings or arrays of token IDs.
enum Inputs {
    static func texts(_ fields: Fields, _ name: String) throws(Failure) -> [String] {
        switch fields[name] {
        case nil: throw fields.missing(name)
        case .string(let text): return [text]
        case .array(let list):
            guard !list.isEmpty else { throw fields.invalid(name, "input cannot be an empty array.") }
            if let text = tokens(list) { return [text] }
            var texts: [String] = []
            for (index, element) in list.enumerated() {
                guard let text = element.stringValue ?? element.arrayValue.flatMap(tokens) else {
                    throw fields.wrongType("\(name)[\(index)]", "a string or an array of integers", element)
                }
                texts.append(text)
            }
            return texts
        default: throw fields.wrongType(name, "a string or an array")
        }
    }

    /// An array of numbers as a text with as many words.
    private static func tokens(_ list: [JSONValue]) -> String? {
        let numbers = list.compactMap { value in if case .integer(let number) = value { String(number) } else { nil } }
        return numbers.count == list.count && !list.isEmpty ? numbers.joined(separator: " ") : nil
    }
}
