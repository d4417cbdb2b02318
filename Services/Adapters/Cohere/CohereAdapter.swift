package import AdapterKit
internal import JSON

/// Cohere: chat, completions and embeddings through version 2 of its API.
package struct CohereAdapter: Adapter {
    private let model: String
    private let base: String
    private let key: String

    package static let providers = [
        ProviderDescription(
            "cohere", tasks: [.chat, .completions, .embeddings], streams: [.chat, .completions],
            features: ["tools", "images", "json_object", "json_schema", "stop", "seed", "system", "reasoning"],
            config: [.secret("cohere_api_key"), .text("cohere_api_base", default: "https://api.cohere.com/v2")])
    ]

    package init(_ configuration: EndpointConfiguration) throws(AdapterError) {
        model = configuration.model
        key = try configuration.requiredString("cohere_api_key")
        base = try configuration.baseURL("cohere_api_base", default: "https://api.cohere.com/v2")
    }

    package func encode(_ call: borrowing AdapterCall) throws(AdapterError) -> ProviderRequest {
        let request = try call.request()
        var body: JSONObject
        switch call.task {
        case .chat: body = try ChatRequest.chat(request)
        case .completions: body = try ChatRequest.completion(request)
        case .embeddings: body = try Embeddings.request(request)
        case .responses: throw .unsupported("Cohere has no responses API")
        case .messages: throw .unsupported("Cohere has no messages API")
        }
        body["model"] = .string(model)
        if call.task != .embeddings { body["stream"] = .bool(call.streams) }
        let path = call.task == .embeddings ? "embed" : "chat"
        return ProviderRequest("\(base)/\(path)", headers: [HTTPHeader("authorization", "Bearer \(key)")], body: body)
    }

    package func decode(_ response: ProviderResponse, of call: borrowing AdapterCall) throws(AdapterError) -> DecodedResponse {
        let object = try response.object()
        if call.task == .embeddings {
            return try Embeddings.response(object, model, asBase64: OpenAIRequest.wantsBase64(try call.request()))
        }
        let usage = Self.usage(in: object, of: call.task)
        let message = try ChatResponse(object)
        let id = object["id"]?.stringValue ?? call.identifier
        let builder = OpenAIResponseBuilder(id: id, model: model, created: call.time, isChat: call.task == .chat)
        return DecodedResponse(message.openAI(using: builder, usage: usage), usage: usage)
    }

    package func usage(in response: ProviderResponse, of call: borrowing AdapterCall) -> Usage? {
        guard let object = try? response.object() else { return nil }
        return Self.usage(in: object, of: call.task)
    }

    private static func usage(in object: JSONObject, of task: AdapterTask) -> Usage? {
        object[task == .embeddings ? "meta" : "usage"].flatMap(CohereUsage.decode)
    }

    /// `{"message": "…"}`
    package func decodeError(_ response: ProviderResponse, of call: borrowing AdapterCall) -> ProviderError {
        guard let message = (try? response.object())?["message"]?.stringValue else { return ProviderError(undocumented: response) }
        return ProviderError(message)
    }

    package func stream(of call: borrowing AdapterCall, head: ProviderResponse) throws(AdapterError) -> any StreamDecoder {
        let builder = OpenAIResponseBuilder(id: call.identifier, model: model, created: call.time, isChat: call.task == .chat)
        return CohereStreamDecoder(builder, includesUsage: OpenAIFormat.includesUsage(try call.request()))
    }
}
