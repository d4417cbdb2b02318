internal import JSON

/// The operations of OpenAI's and Anthropic's APIs, in which requests name the model.
enum OpenAPIInference {
    static func operations(_ endpoints: [OpenAPIEndpoint]) -> [OpenAPIOperation] {
        let chats = names(endpoints, .chat)
        let name = endpoints.first?.name ?? "NAME"
        return [
            OpenAPIOperation(
                method: "post", path: "/v1/chat/completions", id: "createChatCompletion", tag: .openAI, summary: "Create a chat completion",
                description: "Creates the next message. Members that aren't described here are passed to the provider unchanged.",
                body: OpenAPIBody(schema: "ChatRequest", examples: examples(chats, OpenAPIExamples.chat)),
                response: OpenAPIResponse(
                    description: "The chat completion, or a stream of chunks.", schema: "ChatResponse", event: "ChatChunk"),
                error: .openAI),
            OpenAPIOperation(
                method: "post", path: "/v1/completions", id: "createCompletion", tag: .openAI, summary: "Create a completion",
                body: OpenAPIBody(
                    schema: "CompletionRequest", examples: examples(names(endpoints, .completions), OpenAPIExamples.completion)),
                response: OpenAPIResponse(
                    description: "The completion, or a stream of chunks.", schema: "CompletionResponse", event: "CompletionResponse"),
                error: .openAI),
            OpenAPIOperation(
                method: "post", path: "/v1/embeddings", id: "createEmbeddings", tag: .openAI, summary: "Create embeddings",
                body: OpenAPIBody(
                    schema: "EmbeddingsRequest",
                    examples: examples(names(endpoints, .embeddings), OpenAPIExamples.embeddings, streams: false)),
                response: OpenAPIResponse(description: "An embedding for each input.", schema: "EmbeddingsResponse"), error: .openAI),
            OpenAPIOperation(
                method: "post", path: "/v1/responses", id: "createResponse", tag: .openAI, summary: "Create a response",
                description: "For endpoints whose provider supports OpenAI's Responses API.",
                body: OpenAPIBody(schema: "ResponsesRequest", examples: examples(chats, OpenAPIExamples.response)),
                response: OpenAPIResponse(
                    description: "The response, or a stream of events.", schema: "Response", event: "ResponsesEvent"),
                error: .openAI),
            OpenAPIOperation(
                method: "get", path: "/v1/models", id: "listModels", tag: .openAI, summary: "List models",
                description: "Lists the endpoints and routes that the key can access.",
                response: OpenAPIResponse(description: "The endpoints and routes.", schema: "Models"), error: .openAI),
            OpenAPIOperation(
                method: "get", path: "/v1/models/{name}", id: "getModel", tag: .openAI, summary: "Get a model",
                parameters: [OpenAPIOperation.parameter("name", "The name of an endpoint or route.", example: name)],
                response: OpenAPIResponse(description: "The model.", schema: "Model"), error: .openAI),
            OpenAPIOperation(
                method: "post", path: "/v1/messages", id: "createMessage", tag: .anthropic, summary: "Create a message",
                description: "Creates the next message of a conversation. Anthropic's own models receive the request unchanged.",
                body: OpenAPIBody(schema: "MessagesRequest", examples: examples(chats, OpenAPIExamples.message)),
                response: OpenAPIResponse(
                    description: "The message, or a stream of events.", schema: "MessagesResponse", event: "MessagesEvent"),
                error: .anthropic),
        ]
    }

    private static func names(_ endpoints: [OpenAPIEndpoint], _ task: OpenAITask) -> [String] {
        endpoints.filter { $0.task == task }.map(\.name)
    }

    /// The maximum number of endpoints with an example at one path; `/v1/models` lists the others.
    private static let maximumExamples = 20

    /// An example for each endpoint, and a streaming example for the first.
    private static func examples(
        _ names: [String], _ example: (String) -> JSONObject, streams: Bool = true
    ) -> [(name: String, value: JSONValue)] {
        let names = names.isEmpty ? ["NAME"] : Array(names.prefix(maximumExamples))
        var examples = names.map { (name: $0, value: JSONValue.object(example($0))) }
        if streams, let first = names.first {
            examples.insert((first + ", streaming", .object(OpenAPIExamples.streaming(example(first)))), at: 1)
        }
        return examples
    }
}
