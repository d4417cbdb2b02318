package import AdapterKit
internal import JSON

/// OpenAI, and OpenAI's models on Azure: requests, answers and streams pass nearly as they are.
///
/// Configuration as MLflow's gateway has it; the API as OpenAI's reference (API version 1) and Azure OpenAI's (data plane).
package struct OpenAIAdapter: Adapter {
    private let model: String
    private let service: Service

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
        service = try Service(configuration)
    }

    package func encode(_ call: borrowing Call) throws(AdapterError) -> ProviderRequest {
        let path = try OpenAIFormat.path(of: call.task)
        let body = try OpenAIFormat.json(of: call, model: service.modelName ?? model, asksForUsage: service.tellsUsage)
        return ProviderRequest(service.url(path: path, for: call.task), headers: service.headers, json: body)
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
