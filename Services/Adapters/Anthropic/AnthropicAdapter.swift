package import AdapterKit
internal import JSON

/// Anthropic: chat and completions through its Messages API, and that API itself.
///
/// Based on version 2023-06-01 of Anthropic's API reference.
package struct AnthropicAdapter: Adapter {
    private let model: String
    private let base: String
    private let key: String
    private let version: String

    package static let providers = [
        ProviderDescription(
            "anthropic", tasks: [.chat, .completions, .messages], streams: [.chat, .completions, .messages],
            features: ["tools", "images", "json_schema", "stop", "system", "reasoning"],
            config: [
                .secret("anthropic_api_key"), .text("anthropic_version", default: "2023-06-01"),
                .text("anthropic_api_base", default: "https://api.anthropic.com/v1"),
            ])
    ]

    package init(_ configuration: EndpointConfiguration) throws(AdapterError) {
        model = configuration.model
        key = try configuration.requiredString("anthropic_api_key")
        version = try configuration.string("anthropic_version") ?? "2023-06-01"
        base = try configuration.baseURL("anthropic_api_base", default: "https://api.anthropic.com/v1")
    }

    package func encode(_ call: borrowing AdapterCall) throws(AdapterError) -> ProviderRequest {
        let request = try call.request()
        var body: JSONObject
        switch call.task {
        case .chat: body = try ChatRequest.messages(request)
        case .completions: body = try CompletionRequest.messages(request)
        case .messages: body = request
        case .embeddings: throw .unsupported("Anthropic has no embeddings API")
        case .responses: throw .unsupported("Anthropic has no responses API")
        }
        body["model"] = .string(model)
        body["stream"] = call.streams ? true : nil
        let own = [HTTPHeader("x-api-key", key), HTTPHeader("anthropic-version", version)]
        guard call.task == .messages else { return ProviderRequest("\(base)/messages", headers: own, body: body) }
        // The client chooses the API version and may request beta features.
        let theirs = try call.headers().filter { ["anthropic-version", "anthropic-beta"].contains($0.name) }
        let headers = own.filter { header in !theirs.contains { $0.name == header.name } } + theirs
        return ProviderRequest("\(base)/messages", headers: headers, body: body)
    }

    package func decode(_ response: ProviderResponse, of call: borrowing AdapterCall) throws(AdapterError) -> DecodedResponse {
        let message = try response.object()
        let usage = MessagesUsageAccumulator.total(of: message)
        guard message["content"]?.arrayValue != nil else { throw .failed(decodeError(response, of: call)) }
        guard call.task != .messages else { return DecodedResponse(body: response.body, usage: usage) }
        let object = try MessageResponse(message).openAI(isChat: call.task == .chat, time: call.time, usage: usage)
        return DecodedResponse(object, usage: usage)
    }

    package func usage(in response: ProviderResponse, of call: borrowing AdapterCall) -> Usage? {
        (try? response.object()).flatMap(MessagesUsageAccumulator.total)
    }

    /// `{"type": "error", "error": {"type", "message"}}`
    package func decodeError(_ response: ProviderResponse, of call: borrowing AdapterCall) -> ProviderError {
        OpenAIErrors.decode(response)
    }

    package func stream(of call: borrowing AdapterCall, head: ProviderResponse) throws(AdapterError) -> any StreamDecoder {
        switch call.task {
        case .messages: return PassthroughStreamDecoder()
        default:
            let includesUsage = OpenAIFormat.includesUsage(try call.request())
            return MessageStreamDecoder(isChat: call.task == .chat, time: call.time, includesUsage: includesUsage)
        }
    }
}
