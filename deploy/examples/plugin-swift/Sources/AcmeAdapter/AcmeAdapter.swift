internal import AdapterKit
internal import JSON

/// Acme's internal model server: OpenAI's API behind a proxy that requires a token and the project to charge in its own headers.
struct AcmeAdapter: Adapter {
    private let model: String
    private let base: String
    private let headers: [HTTPHeader]

    static let providers = [
        ProviderDescription(
            "acme", tasks: [.chat, .embeddings], streams: [.chat], features: ["tools", "json_schema", "stop", "system"],
            config: [.text("acme_url", required: true), .secret("acme_token"), .text("acme_project", default: "default")])
    ]

    init(_ configuration: EndpointConfiguration) throws(AdapterError) {
        model = configuration.model
        base = try configuration.baseURL("acme_url")
        headers = [
            HTTPHeader("x-acme-token", try configuration.requiredString("acme_token")),
            HTTPHeader("x-acme-project", try configuration.string("acme_project") ?? "default"),
        ]
    }

    func encode(_ call: borrowing AdapterCall) throws(AdapterError) -> ProviderRequest {
        guard call.task == .chat || call.task == .embeddings else { throw .unsupported("Acme's models can't do \(call.task.name).") }
        let path = try OpenAIFormat.path(of: call.task)
        return ProviderRequest("\(base)/\(path)", headers: headers, json: try OpenAIFormat.json(of: call, model: model))
    }

    func decode(_ response: ProviderResponse, of call: borrowing AdapterCall) throws(AdapterError) -> DecodedResponse {
        try OpenAIFormat.decode(response, of: call.task)
    }

    func usage(in response: ProviderResponse, of call: borrowing AdapterCall) -> Usage? {
        OpenAIFormat.usage(in: response, of: call.task)
    }

    /// Acme's proxy says `{"reason": "…"}`; the model server behind it says what OpenAI's API says.
    func decodeError(_ response: ProviderResponse, of call: borrowing AdapterCall) -> ProviderError {
        if let reason = (try? response.object())?["reason"]?.stringValue { return ProviderError(reason) }
        return OpenAIErrors.decode(response)
    }

    func stream(of call: borrowing AdapterCall, head: ProviderResponse) throws(AdapterError) -> any StreamDecoder {
        try OpenAIFormat.stream(of: call)
    }
}
