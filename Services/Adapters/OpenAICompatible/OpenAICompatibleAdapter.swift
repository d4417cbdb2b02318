package import AdapterKit
internal import JSON

/// Providers that implement OpenAI's API, with different URLs and credentials: see `CompatibleProvider.all`.
package struct OpenAICompatibleAdapter: Adapter {
    private let provider: CompatibleProvider
    private let model: String
    private let base: String
    private let headers: [HTTPHeader]

    package static var providers: [ProviderDescription] { CompatibleProvider.all.map(\.description) }

    package init(_ configuration: EndpointConfiguration) throws(AdapterError) {
        guard let provider = CompatibleProvider.all.first(where: { $0.name == configuration.provider }) else {
            throw .misconfigured("'\(configuration.provider)' is not a provider of this adapter")
        }
        self.provider = provider
        model = configuration.model
        base = try configuration.baseURL(provider.baseKey, default: provider.base)
        headers = try provider.headers(configuration)
    }

    package func encode(_ call: borrowing AdapterCall) throws(AdapterError) -> ProviderRequest {
        let path = try OpenAIFormat.path(of: call.task)
        guard provider.tasks.contains(call.task) else {
            throw .unsupported("the provider \(provider.name) doesn't support \(call.task.name)")
        }
        let url = "\(base)/\(path)"
        guard let adjust = provider.adjust else {
            let body = try OpenAIFormat.json(of: call, model: model, requestsUsage: provider.requestsUsage)
            return ProviderRequest(url, headers: headers, json: body)
        }
        var body = try OpenAIFormat.body(of: call, model: model, requestsUsage: provider.requestsUsage)
        try adjust(&body)
        return ProviderRequest(url, headers: headers, body: body)
    }

    package func decode(_ response: ProviderResponse, of call: borrowing AdapterCall) throws(AdapterError) -> DecodedResponse {
        try OpenAIFormat.decode(response, of: call.task)
    }

    package func usage(in response: ProviderResponse, of call: borrowing AdapterCall) -> Usage? {
        OpenAIFormat.usage(in: response, of: call.task)
    }

    package func decodeError(_ response: ProviderResponse, of call: borrowing AdapterCall) -> ProviderError {
        OpenAIErrors.decode(response)
    }

    package func stream(of call: borrowing AdapterCall, head: ProviderResponse) throws(AdapterError) -> any StreamDecoder {
        try OpenAIFormat.stream(of: call)
    }
}
