package import AdapterKit
internal import JSON

/// OpenAI, and OpenAI's models on Azure. Passes requests, responses and streams through nearly unchanged.
///
/// The configuration keys are those of MLflow's gateway. Based on the API references of OpenAI (version 1) and Azure OpenAI (data plane).
package struct OpenAIAdapter: Adapter {
    private let model: String
    private let endpoint: OpenAIEndpoint

    package static let providers: [ProviderDescription] = ["openai", "azure"].map { name in
        ProviderDescription(
            name, tasks: [.chat, .completions, .embeddings, .responses], streams: [.chat, .completions, .responses],
            features: ["tools", "images", "audio", "json_object", "json_schema", "stop", "seed", "n", "logprobs", "system", "reasoning"],
            config: [
                .secret("openai_api_key"), .text("openai_api_type", default: name == "azure" ? "azure" : "openai"),
                .text("openai_api_base"), .text("openai_api_version"), .text("openai_deployment_name"), .text("openai_organization"),
            ])
    }

    package init(_ configuration: EndpointConfiguration) throws(AdapterError) {
        model = configuration.model
        endpoint = try OpenAIEndpoint(configuration)
    }

    package func encode(_ call: borrowing AdapterCall) throws(AdapterError) -> ProviderRequest {
        let path = try OpenAIFormat.path(of: call.task)
        let body = try OpenAIFormat.json(of: call, model: endpoint.modelName ?? model, requestsUsage: endpoint.supportsStreamUsage)
        return ProviderRequest(endpoint.url(path: path, for: call.task), headers: endpoint.headers, json: body)
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
