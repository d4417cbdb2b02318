internal import JSON

/// `POST /chat/completions`
enum OpenAIChat {
    private static let known: Set<String> = [
        "model", "messages", "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs",
        "max_completion_tokens",
        "max_tokens", "metadata", "modalities", "n", "parallel_tool_calls", "prediction", "presence_penalty", "prompt_cache_key",
        "reasoning_effort", "response_format", "safety_identifier", "seed", "service_tier", "stop", "store", "stream",
        "stream_options",
        "temperature", "tool_choice", "tools", "top_logprobs", "top_p", "user", "verbosity", "web_search_options",
    ]
    private static let knownToMistral: Set<String> = [
        "model", "messages", "frequency_penalty", "max_tokens", "n", "parallel_tool_calls", "prediction", "presence_penalty",
        "prompt_mode", "random_seed", "response_format", "safe_prompt", "stop", "stream", "temperature", "tool_choice", "tools",
        "top_p",
    ]

    static func response(
        _ fields: Fields, model: String, _ service: OpenAIFormat.Service, _ request: Request
    ) throws(Failure) -> Response {
        // Text Generation Inference and AI21 ignore unknown members.
        if service != .tgi, service != .ai21 { try fields.only(service == .mistral ? knownToMistral : known) }
        var prompt = Prompt(model: model)
        try OpenAIMessages.read(try fields.elements("messages"), into: &prompt, status: fields.status)
        try OpenAIMessages.readTools(fields, into: &prompt)
        try OpenAIMessages.readStops(fields, into: &prompt)
        try OpenAIMessages.readFormat(fields, into: &prompt)
        try fields.number("temperature", 0...2)
        try fields.number("top_p", 0...1)
        try fields.number("frequency_penalty", -2...2)
        try fields.number("presence_penalty", -2...2)
        prompt.choices = try fields.integer("n", 1...128) ?? 1
        prompt.limit = try limit(fields)
        prompt.ask(for: try fields.string("service_tier"))
        let streams = try fields.bool("stream") ?? false
        let includesUsage = try Self.includesUsage(fields, streams: streams) || service.alwaysIncludesUsage
        let model = EchoModel(prompt)
        let encoder = ChatCompletionEncoder(id: "chatcmpl-\(request.serial)", model: prompt.model, serial: request.serial)
        let body: Response.Body =
            streams
            ? .stream(
                encoder.stream(model, includesUsage: includesUsage, inLastChunk: service.alwaysIncludesUsage),
                contentType: ServerSentEvents.contentType)
            : .whole(encoder.whole(model))
        return Response(
            model: prompt.model, text: prompt.lastText, tokens: model.tokens, body: body, directives: model.directives)
    }

    private static func limit(_ fields: Fields) throws(Failure) -> Int? {
        let old = try fields.integer("max_tokens")
        let new = try fields.integer("max_completion_tokens")
        guard old == nil || new == nil else {
            throw Failure(
                fields.status, "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
                param: "max_tokens", code: "invalid_parameter_combination")
        }
        return new ?? old
    }

    static func includesUsage(_ fields: Fields, streams: Bool) throws(Failure) -> Bool {
        guard let options = try fields.fields("stream_options") else { return false }
        guard streams else {
            throw Failure(
                fields.status, "The 'stream_options' parameter is only allowed when 'stream' is enabled.", param: "stream_options")
        }
        return try options.bool("include_usage") ?? false
    }
}
