package import AdapterKit
internal import JSON

/// Amazon Bedrock: chat with all models through its Converse API; completions, embeddings and Anthropic's Messages API through
/// InvokeModel, in the format of the model's vendor.
///
/// Based on version 2023-09-30 of the Bedrock Runtime API reference.
package struct BedrockAdapter: Adapter {
    private let model: ModelID
    private let endpoint: BedrockEndpoint

    package static let providers = ["bedrock", "amazon-bedrock"].map { name in
        ProviderDescription(
            name, tasks: [.chat, .completions, .embeddings, .messages], streams: [.chat, .completions, .messages],
            features: ["tools", "images", "json_schema", "stop", "system", "reasoning"],
            config: [.object("aws_config", required: true)])
    }

    package init(_ configuration: EndpointConfiguration) throws(AdapterError) {
        model = try ModelID(configuration.model)
        endpoint = try BedrockEndpoint(configuration)
    }

    /// The API operation and format for a task.
    private enum Operation {
        case converse
        case completion(any CompletionFormat.Type)
        case embeddings(any EmbeddingFormat.Type)
        case messages
    }

    private func operation(of task: AdapterTask) throws(AdapterError) -> Operation {
        switch (task, model.family) {
        case (.chat, _): .converse
        case (.completions, .claude): .completion(ClaudeCompletion.self)
        case (.completions, .titanText): .completion(TitanCompletion.self)
        case (.completions, .llama): .completion(LlamaCompletion.self)
        case (.completions, _): .converse
        case (.embeddings, .titanEmbeddings): .embeddings(TitanEmbedding.self)
        case (.embeddings, .cohereEmbeddings): .embeddings(CohereEmbedding.self)
        case (.embeddings, _): throw .unsupported("'\(model.text)' is not a supported embedding model: use one of Titan or Cohere")
        case (.messages, .claude): .messages
        case (.messages, _): throw .unsupported("only Anthropic's models have a messages API, and '\(model.text)' is not one of them")
        case (.responses, _): throw .unsupported("Bedrock has no responses API")
        }
    }

    package func encode(_ call: borrowing AdapterCall) throws(AdapterError) -> ProviderRequest {
        let operation = try operation(of: call.task)
        let request = try call.request()
        let body: JSONObject
        switch operation {
        case .converse:
            let isChat = call.task == .chat
            body = try isChat ? ConverseRequest.chat(request, model: model) : ConverseRequest.completion(request, model: model)
            return try endpoint.request(call.streams ? "converse-stream" : "converse", of: model, body: body, for: call)
        case .completion(let format): body = try format.body(request)
        case .embeddings(let format):
            guard !call.streams else { throw .unsupported("embeddings don't support streaming") }
            body = try format.body(request, model: model)
        case .messages: body = AnthropicMessages.body(request, headers: try call.headers())
        }
        return try endpoint.request(call.streams ? "invoke-with-response-stream" : "invoke", of: model, body: body, for: call)
    }

    package func decode(_ response: ProviderResponse, of call: borrowing AdapterCall) throws(AdapterError) -> DecodedResponse {
        let object = try response.object()
        switch try operation(of: call.task) {
        case .converse: return try ConverseResponse(object).openAI(using: builder(of: call))
        case .completion(let format):
            let counts = TokenCounts(headers: response.headers)
            return try format.decodeResponse(object).openAI(using: builder(of: call), counts: counts)
        case .embeddings(let format):
            let vectors = try format.vectors(object)
            let usage = (format.counts(of: object) ?? TokenCounts(headers: response.headers)).usage
            let asBase64 = OpenAIRequest.wantsBase64(try call.request())
            let body = OpenAIResponseBuilder.embeddings(vectors, model: model.text, usage: usage, asBase64: asBase64)
            return DecodedResponse(body, usage: usage)
        case .messages:
            guard object["content"]?.arrayValue != nil else { throw .failed(OpenAIErrors.decode(response)) }
            return DecodedResponse(body: response.body, usage: MessagesUsageAccumulator.total(of: object))
        }
    }

    package func usage(in response: ProviderResponse, of call: borrowing AdapterCall) -> Usage? {
        guard let object = try? response.object(), let operation = try? operation(of: call.task) else {
            return TokenCounts(headers: response.headers).usage
        }
        switch operation {
        case .converse: return TokenCounts(converse: object)?.usage
        case .messages: return MessagesUsageAccumulator.total(of: object)
        case .completion(let format):
            var counts = TokenCounts(headers: response.headers)
            counts.update(format.counts(of: object))
            return counts.usage
        case .embeddings(let format): return (format.counts(of: object) ?? TokenCounts(headers: response.headers)).usage
        }
    }

    package func decodeError(_ response: ProviderResponse, of call: borrowing AdapterCall) -> ProviderError {
        BedrockErrors.decode(response)
    }

    package func stream(of call: borrowing AdapterCall, head: ProviderResponse) throws(AdapterError) -> any StreamDecoder {
        switch try operation(of: call.task) {
        case .converse:
            let includesUsage = OpenAIFormat.includesUsage(try call.request())
            return EventStreamDecoder(ConverseEventHandler(builder(of: call), includesUsage: includesUsage))
        case .completion(let format):
            let includesUsage = OpenAIFormat.includesUsage(try call.request())
            return EventStreamDecoder(CompletionEventHandler(format, builder(of: call), includesUsage: includesUsage))
        case .messages: return EventStreamDecoder(MessagesEventHandler())
        case .embeddings: throw .unsupported("embeddings don't support streaming")
        }
    }

    private func builder(of call: borrowing AdapterCall) -> OpenAIResponseBuilder {
        let isChat = call.task == .chat
        let id = "\(isChat ? "chatcmpl" : "cmpl")-\(call.identifier)"
        return OpenAIResponseBuilder(id: id, model: model.text, created: call.time, isChat: isChat)
    }
}
