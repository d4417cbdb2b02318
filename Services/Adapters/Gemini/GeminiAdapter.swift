package import AdapterKit
internal import JSON

/// Google's Gemini, through its native API (`generateContent`, version v1beta of the API reference).
package struct GeminiAdapter: Adapter {
    private let model: String
    private let base: String
    private let key: String

    package static let providers = [
        ProviderDescription(
            "gemini", tasks: [.chat, .completions, .embeddings], streams: [.chat, .completions],
            features: ["tools", "images", "audio", "json_object", "json_schema", "stop", "seed", "n", "system", "reasoning"],
            config: [
                .secret("gemini_api_key"),
                .text("gemini_api_base", default: "https://generativelanguage.googleapis.com/v1beta/models"),
            ]),
        // Google has shut down PaLM. Its configuration gets a more helpful error than an unknown provider.
        ProviderDescription("palm", tasks: [], streams: [], features: [], config: [.secret("palm_api_key")]),
    ]

    package init(_ configuration: EndpointConfiguration) throws(AdapterError) {
        guard configuration.provider != "palm" else {
            throw .misconfigured("Google has shut down PaLM: use the provider 'gemini' with 'gemini_api_key' and a Gemini model")
        }
        model = try configuration.modelInPath()
        key = try configuration.requiredString("gemini_api_key")
        base = try configuration.baseURL("gemini_api_base", default: "https://generativelanguage.googleapis.com/v1beta/models")
    }

    package func encode(_ call: borrowing AdapterCall) throws(AdapterError) -> ProviderRequest {
        let request = try call.request()
        let headers = [HTTPHeader("x-goog-api-key", key)]
        switch call.task {
        case .chat, .completions:
            let body =
                call.task == .chat
                ? try GenerateContentRequest.chat(request, model: model) : try GenerateContentRequest.completion(request)
            let method = call.streams ? "streamGenerateContent?alt=sse" : "generateContent"
            return ProviderRequest("\(base)/\(model):\(method)", headers: headers, body: body)
        case .embeddings:
            return ProviderRequest("\(base)/\(model):batchEmbedContents", headers: headers, body: try Embeddings.request(request, model))
        case .responses: throw .unsupported("Gemini has no responses API")
        case .messages: throw .unsupported("Gemini has no messages API")
        }
    }

    package func decode(_ response: ProviderResponse, of call: borrowing AdapterCall) throws(AdapterError) -> DecodedResponse {
        let object = try response.object()
        guard call.task != .embeddings else {
            return try Embeddings.response(object, model, asBase64: OpenAIRequest.wantsBase64(try call.request()))
        }
        let response = GenerateContentResponse(id: call.identifier, time: call.time, model: model, isChat: call.task == .chat)
        return try response.decode(object)
    }

    package func usage(in response: ProviderResponse, of call: borrowing AdapterCall) -> Usage? {
        // Embeddings report no usage.
        (try? response.object())?["usageMetadata"].flatMap(GenerateContentResponse.usage)
    }

    /// `{"error": {"code", "message", "status"}}`, or an array with this object as its only element.
    package func decodeError(_ response: ProviderResponse, of call: borrowing AdapterCall) -> ProviderError {
        guard let json = try? response.json(), let error = Self.error(json.arrayValue?.first ?? json) else {
            return ProviderError(undocumented: response)
        }
        return error
    }

    static func error(_ json: JSONValue) -> ProviderError? {
        guard let error = json["error"], let message = error["message"]?.stringValue else { return nil }
        return ProviderError(message, type: error["status"]?.stringValue, code: error["code"])
    }

    package func stream(of call: borrowing AdapterCall, head: ProviderResponse) throws(AdapterError) -> any StreamDecoder {
        let response = GenerateContentResponse(id: call.identifier, time: call.time, model: model, isChat: call.task == .chat)
        return GenerateContentStreamDecoder(response, includesUsage: OpenAIFormat.includesUsage(try call.request()))
    }
}
