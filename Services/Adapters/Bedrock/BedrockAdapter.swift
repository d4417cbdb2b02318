package import AdapterKit
internal import JSON

/// Amazon Bedrock: chats of all models by its Converse API; completions, embeddings and Anthropic's messages by InvokeModel, in the
/// form that the model's maker has given them.
///
/// The API as the reference of Bedrock's runtime has it, version 2023-09-30.
package struct BedrockAdapter: Adapter {
    private let model: ModelID
    private let service: Service

    package static let providers = ["bedrock", "amazon-bedrock"].map { name in
        ProviderDescription(
            name, tasks: [.chat, .completions, .embeddings, .messages], streams: [.chat, .completions, .messages],
            features: ["tools", "images", "json_schema", "stop", "system", "reasoning"],
            config: [.object("aws_config", required: true)])
    }

    package init(_ configuration: EndpointConfiguration) throws(AdapterError) {
        model = try ModelID(configuration.model)
        service = try Service(configuration)
    }

    /// How a task is done with the model.
    private enum Way {
        case converse
        case completion(any CompletionForm.Type)
        case embeddings(any EmbeddingForm.Type)
        case messages
    }

    private func way(of task: AdapterTask) throws(AdapterError) -> Way {
        switch (task, model.family) {
        case (.chat, _): .converse
        case (.completions, .claude): .completion(ClaudeCompletion.self)
        case (.completions, .titanText): .completion(TitanCompletion.self)
        case (.completions, .llama): .completion(LlamaCompletion.self)
        case (.completions, _): .converse
        case (.embeddings, .titanEmbeddings): .embeddings(TitanEmbedding.self)
        case (.embeddings, .cohereEmbeddings): .embeddings(CohereEmbedding.self)
        case (.embeddings, _): throw .unsupported("'\(model.text)' is not an embedding model of Titan or Cohere, whose forms are known")
        case (.messages, .claude): .messages
        case (.messages, _): throw .unsupported("only Anthropic's models have a messages API, and '\(model.text)' names none")
        case (.responses, _): throw .unsupported("Bedrock's runtime has no responses API")
        }
    }

    package func encode(_ call: borrowing Call) throws(AdapterError) -> ProviderRequest {
        let way = try way(of: call.task)
        let request = try call.request()
        let body: JSONObject
        switch way {
        case .converse:
            let isChat = call.task == .chat
            body = try isChat ? ConverseRequest.chat(request, model: model) : ConverseRequest.completion(request, model: model)
            return try service.request(call.streams ? "converse-stream" : "converse", of: model, body: body, for: call)
        case .completion(let form): body = try form.body(request)
        case .embeddings(let form):
            guard !call.streams else { throw .unsupported("embeddings can't be streamed") }
            body = try form.body(request, model: model)
        case .messages: body = Messages.body(request, headers: try call.headers())
        }
        return try service.request(call.streams ? "invoke-with-response-stream" : "invoke", of: model, body: body, for: call)
    }

    package func decode(_ answer: ProviderAnswer, of call: borrowing Call) throws(AdapterError) -> DecodedAnswer {
        let object = try answer.object()
        switch try way(of: call.task) {
        case .converse: return try ConverseAnswer(object).openAI(in: frame(of: call))
        case .completion(let form):
            return try form.whole(object).openAI(in: frame(of: call), counts: TokenCounts(headers: answer.headers))
        case .embeddings(let form):
            let vectors = try form.vectors(object)
            let usage = (form.counts(of: object) ?? TokenCounts(headers: answer.headers)).usage
            let asBase64 = OpenAIRequest.wantsBase64(try call.request())
            return DecodedAnswer(AnswerFrame.embeddings(vectors, model: model.text, usage: usage, asBase64: asBase64), usage: usage)
        case .messages:
            guard object["content"]?.arrayValue != nil else { throw .failed(OpenAIErrors.decode(answer)) }
            return DecodedAnswer(body: answer.body, usage: MessageUsage.total(of: object))
        }
    }

    package func usage(in answer: ProviderAnswer, of call: borrowing Call) -> Usage? {
        guard let object = try? answer.object(), let way = try? way(of: call.task) else { return TokenCounts(headers: answer.headers).usage }
        switch way {
        case .converse: return TokenCounts(converse: object)?.usage
        case .messages: return MessageUsage.total(of: object)
        case .completion(let form):
            var counts = TokenCounts(headers: answer.headers)
            counts.take(form.counts(of: object))
            return counts.usage
        case .embeddings(let form): return (form.counts(of: object) ?? TokenCounts(headers: answer.headers)).usage
        }
    }

    package func decodeError(_ answer: ProviderAnswer, of call: borrowing Call) -> ProviderError { BedrockErrors.decode(answer) }

    package func stream(of call: borrowing Call, head: ProviderAnswer) throws(AdapterError) -> any StreamDecoder {
        switch try way(of: call.task) {
        case .converse:
            let wantsUsage = OpenAIFormat.wantsUsage(try call.request())
            return EventMessageStream(ConverseStream(frame(of: call), wantsUsage: wantsUsage))
        case .completion(let form):
            let wantsUsage = OpenAIFormat.wantsUsage(try call.request())
            return EventMessageStream(CompletionStream(form, frame(of: call), wantsUsage: wantsUsage))
        case .messages: return EventMessageStream(MessagesStream())
        case .embeddings: throw .unsupported("embeddings can't be streamed")
        }
    }

    private func frame(of call: borrowing Call) -> AnswerFrame {
        let isChat = call.task == .chat
        let id = "\(isChat ? "chatcmpl" : "cmpl")-\(call.identifier)"
        return AnswerFrame(id: id, model: model.text, created: call.time, isChat: isChat)
    }
}
