import GatewayFormats
import JSON
import Testing

@Suite struct MLflow25RequestTests {
    private static let messages = #""messages": [{"role": "user", "content": "hi"}]"#
    private static let noModel =
        "The parameter 'model' is not permitted to be passed. The route being queried already defines a model instance."

    @Test(arguments: [
        ("{\(messages)}", "{\(messages), \"temperature\": 0.0, \"n\": 1}"),
        (
            #"{"messages": [{"role": 1, "content": 2.5, "name": "n", "z": null}], "x": null}"#,
            #"{"messages": [{"role": "1", "content": "2.5", "name": "n"}], "temperature": 0.0, "n": 1}"#
        ),
        (
            "{\(messages), \"temperature\": \"0.5\", \"candidate_count\": \"2\", \"stop\": [1, 2.5, true], \"max_tokens\": 3.7}",
            "{\(messages), \"temperature\": 1.0, \"n\": 2, \"stop\": [\"1\", \"2.5\", \"True\"], \"max_tokens\": 3}"
        ),
        (
            "{\(messages), \"temperature\": true, \"candidate_count\": true, \"max_tokens\": \" 12 \"}",
            "{\(messages), \"temperature\": 2.0, \"n\": 1, \"max_tokens\": 12}"
        ),
        ("{\(messages), \"model\": null, \"n\": null, \"stop\": null}", "{\(messages), \"temperature\": 0.0, \"n\": 1}"),
        (
            "{\(messages), \"top_p\": 0.5, \"logit_bias\": {\"a\": null, \"b\": 1}}",
            "{\(messages), \"temperature\": 0.0, \"n\": 1, \"top_p\": 0.5, \"logit_bias\": {\"b\": 1}}"
        ),
        ("{\(messages), \"stream\": false}", "{\(messages), \"temperature\": 0.0, \"n\": 1}"),
    ])
    func `A chat is translated to the request that MLflow sends to OpenAI`(body: String, expected: String) throws {
        #expect(try request(body, .chat, "openai") == Sent(.chat, expected))
    }

    @Test(arguments: [
        ("openai", true, #"{"messages": [{"role": "user", "content": "hi"}], "temperature": 1.0, "n": 1}"#),
        ("openai", false, #"{"prompt": "hi", "temperature": 1.0, "n": 1}"#),
        ("cohere", false, #"{"prompt": "hi", "temperature": 2.5, "n": 1}"#),
        ("anthropic", false, #"{"prompt": "hi", "temperature": 0.5, "n": 1}"#),
        ("mlflow-model-serving", false, #"{"prompt": "hi", "temperature": 0.5, "n": 1}"#),
    ])
    func `A completion is translated to a completion, or to a chat if the caller asks for it`(
        provider: String, asChat: Bool, expected: String
    ) throws {
        let sent = try request(#"{"prompt": "hi", "temperature": 0.5}"#, .completions, provider, asChat: asChat)
        #expect(try sent == Sent(asChat ? .chat : .completions, expected))
    }

    @Test(arguments: [
        (#"{"text": "a"}"#, #"{"input": "a"}"#), (#"{"text": ["a", 1, true]}"#, #"{"input": ["a", "1", "True"]}"#),
        (#"{"text": 1}"#, #"{"input": "1"}"#), (#"{"text": []}"#, #"{"input": []}"#),
        (#"{"text": "a", "input": "b", "dimensions": 3}"#, #"{"dimensions": 3, "input": "a"}"#),
        (#"{"text": "a", "encoding_format": "base64"}"#, #"{"input": "a"}"#),
    ])
    func `Embeddings are requested as numbers`(body: String, expected: String) throws {
        #expect(try request(body, .embeddings, "openai") == Sent(.embeddings, expected))
    }

    @Test(arguments: [
        ("openai", MLflow25RouteType.chat, "{\(messages), \"model\": \"x\"}", 422, noModel),
        ("openai", .chat, "{\(messages), \"n\": 2}", 400, "Invalid parameter `n`. Use `candidate_count` instead."),
        ("openai", .chat, "{\(messages), \"n\": 2, \"model\": \"x\"}", 422, noModel),
        (
            "openai", .chat, "{\(messages), \"stream\": true}", 422,
            "Setting the 'stream' parameter to 'true' is not supported with the MLflow Gateway."
        ),
        ("openai", .embeddings, #"{"text": "a", "model": "b"}"#, 422, noModel),
        (
            "cohere", .completions, #"{"prompt": "hi", "num_generations": 2}"#, 400,
            "Invalid parameter num_generations. Use candidate_count instead."
        ),
        (
            "cohere", .completions, #"{"prompt": "hi", "stop_sequences": ["x"], "num_generations": 2}"#, 400,
            "Invalid parameter stop_sequences. Use stop instead."
        ),
        ("cohere", .embeddings, #"{"text": "hi", "texts": ["x"]}"#, 400, "Invalid parameter texts. Use text instead."),
        (
            "anthropic", .completions, #"{"prompt": "hi", "top_p": 1}"#, 422,
            "Cannot set both 'temperature' and 'top_p' parameters. Please use only the temperature parameter for your query."
        ),
        (
            "anthropic", .completions, #"{"prompt": "hi", "max_tokens": 1000001}"#, 422,
            "Invalid value for max_tokens: cannot exceed 1000000."
        ),
        (
            "anthropic", .completions, #"{"prompt": "hi", "stream": "true"}"#, 422,
            "Setting the 'stream' parameter to 'true' is not supported with the MLflow Gateway."
        ),
        (
            "anthropic", .completions, #"{"prompt": "hi", "candidate_count": 2}"#, 422,
            "'candidate_count' must be '1' for the Anthropic provider. Received value: '2'."
        ),
        ("anthropic", .completions, #"{"prompt": "hi", "model": "a", "top_p": 1}"#, 422, noModel),
    ])
    func `Parameters that MLflow's providers reject are rejected with the same messages`(
        provider: String, routeType: MLflow25RouteType, body: String, status: Int, detail: String
    ) throws {
        let error = try #require(throws: MLflow25Error.self) { _ = try request(body, routeType, provider) }
        #expect(error == MLflow25Error(status, "\(detail)"))
    }

    @Test(arguments: [(nil, nil), (8192, 8192), (400_000, 200_000)] as [(Int64?, Int64?)])
    func `MLflow's max_tokens default for Anthropic is capped by the model's limit`(maximum: Int64?, expected: Int64?) throws {
        let request = try MLflow25Request(["prompt": "hi"], for: .completions)
        let sent = try request.openAI(for: "anthropic", completionsAsChat: false, maximumOutputTokens: maximum)
        #expect(sent.body["max_tokens"]?.integerValue == expected)
        let bounded = try MLflow25Request(["prompt": "hi", "max_tokens": 5], for: .completions)
        let own = try bounded.openAI(for: "anthropic", completionsAsChat: false, maximumOutputTokens: maximum)
        #expect(own.body["max_tokens"] == 5)
    }

    @Test(arguments: [
        (MLflow25RouteType.chat, "cohere", "The chat route is not available for Cohere."),
        (.embeddings, "anthropic", "The embeddings route is not available for Anthropic models."),
        (.completions, "palm", "The completions route is not available for palm."),
    ])
    func `An error names the provider that doesn't support the route's task`(routeType: MLflow25RouteType, provider: String, detail: String)
    {
        #expect(MLflow25Error.notAvailable(routeType, provider: provider) == MLflow25Error(404, "\(detail)"))
    }

    @Test(
        arguments: [
            (#"{"prompt": "hello", "max_tokens": "10", "candidate_count": 3.9}"#, MLflow25RouteType.completions, 5, 30),
            (#"{"prompt": 12}"#, .completions, 2, nil), (#"{"text": ["ab", "cde"]}"#, .embeddings, 5, nil),
        ] as [(String, MLflow25RouteType, Int64, Int64?)])
    func `The token bound of a request accounts for numbers in strings`(
        body: String, routeType: MLflow25RouteType, prompt: Int64, completion: Int64?
    ) throws {
        let bound = try MLflow25Request(try JSONValue(parsing: body), for: routeType).bound
        #expect(bound.prompt == prompt)
        #expect(bound.completion == completion)
    }

    /// The request to an adapter, with sorted members.
    private struct Sent: Equatable {
        var task: OpenAITask
        var body: String

        init(_ task: OpenAITask, _ body: String) throws {
            self.task = task
            self.body = try JSONValue(parsing: body).pythonSortedJSON
        }
    }

    private func request(_ body: String, _ routeType: MLflow25RouteType, _ provider: String, asChat: Bool = false) throws -> Sent {
        let request = try MLflow25Request(try JSONValue(parsing: body), for: routeType)
        let (task, body) = try request.openAI(for: provider, completionsAsChat: asChat)
        return try Sent(task, JSONValue.object(body).jsonString)
    }
}
