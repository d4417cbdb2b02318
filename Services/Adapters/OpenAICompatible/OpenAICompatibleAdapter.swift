package import AdapterKit
internal import JSON

/// Providers that speak OpenAI's API themselves, told apart by where they are and how one gets in: see `CompatibleProvider.all`.
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

    package func encode(_ call: borrowing Call) throws(AdapterError) -> ProviderRequest {
        let path = try OpenAIFormat.path(of: call.task)
        guard provider.tasks.contains(call.task) else {
            throw .unsupported("the provider \(provider.name) can't do \(call.task.name)")
        }
        let url = "\(base)/\(path)"
        guard let adjust = provider.adjust else {
            let body = try OpenAIFormat.json(of: call, model: model, asksForUsage: provider.asksForUsage)
            return ProviderRequest(url, headers: headers, json: body)
        }
        var body = try OpenAIFormat.body(of: call, model: model, asksForUsage: provider.asksForUsage)
        try adjust(&body)
        return ProviderRequest(url, headers: headers, body: body)
    }

    package func decode(_ answer: ProviderAnswer, of call: borrowing Call) throws(AdapterError) -> DecodedAnswer {
        try OpenAIFormat.decode(answer, of: call.task)
    }

    package func usage(in answer: ProviderAnswer, of call: borrowing Call) -> Usage? { OpenAIFormat.usage(in: answer, of: call.task) }

    package func decodeError(_ answer: ProviderAnswer, of call: borrowing Call) -> ProviderError {
        OpenAIErrors.decode(answer)
    }

    package func stream(of call: borrowing Call, head: ProviderAnswer) throws(AdapterError) -> any StreamDecoder {
        try OpenAIFormat.stream(of: call)
    }
}
