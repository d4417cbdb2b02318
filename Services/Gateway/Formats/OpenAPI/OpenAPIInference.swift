internal import JSON

/// OpenAI's API and Anthropic's, where a request names the model.
enum OpenAPIInference {
    static func operations(_ endpoints: [OpenAPIEndpoint]) -> [OpenAPIOperation] {
        let chats = names(endpoints, .chat)
        let name = endpoints.first?.name ?? "NAME"
        return [
            OpenAPIOperation(
                method: "post", path: "/v1/chat/completions", id: "createChatCompletion", tag: .openAI, summary: "Chat",
                description: "The next message. Members that aren't described here go to the provider as they are.",
                body: OpenAPIBody(schema: "ChatRequest", examples: examples(chats, OpenAPIExamples.chat)),
                response: OpenAPIResponse(
                    description: "The message, whole or in pieces.", schema: "ChatAnswer", event: "ChatChunk"),
                error: .openAI),
            OpenAPIOperation(
                method: "post", path: "/v1/completions", id: "createCompletion", tag: .openAI, summary: "Completion of a prompt",
                body: OpenAPIBody(
                    schema: "CompletionRequest", examples: examples(names(endpoints, .completions), OpenAPIExamples.completion)),
                response: OpenAPIResponse(
                    description: "The text, whole or in pieces.", schema: "CompletionAnswer", event: "CompletionAnswer"),
                error: .openAI),
            OpenAPIOperation(
                method: "post", path: "/v1/embeddings", id: "createEmbeddings", tag: .openAI, summary: "Embeddings of texts",
                body: OpenAPIBody(
                    schema: "EmbeddingsRequest",
                    examples: examples(names(endpoints, .embeddings), OpenAPIExamples.embeddings, streams: false)),
                response: OpenAPIResponse(description: "A vector for each text.", schema: "EmbeddingsAnswer"), error: .openAI),
            OpenAPIOperation(
                method: "post", path: "/v1/responses", id: "createResponse", tag: .openAI, summary: "Response",
                description: "For endpoints whose provider has OpenAI's Responses API itself.",
                body: OpenAPIBody(schema: "ResponsesRequest", examples: examples(chats, OpenAPIExamples.response)),
                response: OpenAPIResponse(
                    description: "The response, whole or in pieces.", schema: "ResponsesAnswer", event: "ResponsesEvent"),
                error: .openAI),
            OpenAPIOperation(
                method: "get", path: "/v1/models", id: "listModels", tag: .openAI, summary: "Models",
                description: "The endpoints and routes that the key opens.",
                response: OpenAPIResponse(description: "Their names.", schema: "Models"), error: .openAI),
            OpenAPIOperation(
                method: "get", path: "/v1/models/{name}", id: "getModel", tag: .openAI, summary: "One model",
                parameters: [OpenAPIOperation.parameter("name", "An endpoint or a route.", example: name)],
                response: OpenAPIResponse(description: "The model.", schema: "Model"), error: .openAI),
            OpenAPIOperation(
                method: "post", path: "/v1/messages", id: "createMessage", tag: .anthropic, summary: "Message",
                description: "The next message of a conversation. Anthropic's own models get the request as it is.",
                body: OpenAPIBody(schema: "MessagesRequest", examples: examples(chats, OpenAPIExamples.message)),
                response: OpenAPIResponse(
                    description: "The message, whole or in pieces.", schema: "MessagesAnswer", event: "MessagesEvent"),
                error: .anthropic),
        ]
    }

    private static func names(_ endpoints: [OpenAPIEndpoint], _ task: OpenAITask) -> [String] {
        endpoints.filter { $0.task == task }.map(\.name)
    }

    /// How many endpoints have an example at one path; the others are in `/v1/models`.
    private static let maximumExamples = 20

    /// An example for each endpoint, and one with a stream for the first.
    private static func examples(
        _ names: [String], _ example: (String) -> JSONObject, streams: Bool = true
    ) -> [(name: String, value: JSONValue)] {
        let names = names.isEmpty ? ["NAME"] : Array(names.prefix(maximumExamples))
        var examples = names.map { (name: $0, value: JSONValue.object(example($0))) }
        if streams, let first = names.first {
            examples.insert((first + ", as a stream", .object(OpenAPIExamples.streaming(example(first)))), at: 1)
        }
        return examples
    }
}
