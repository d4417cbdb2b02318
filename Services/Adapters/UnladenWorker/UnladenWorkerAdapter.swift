package import AdapterKit
internal import JSON

/// Models on Unladen's own workers, through their OpenAI-compatible API. Passes requests, responses and streams through nearly unchanged.
package struct UnladenWorkerAdapter: Adapter {
    private let model: String
    private let base: String
    private let headers: [HTTPHeader]

    private static let tasks: [AdapterTask] = [.chat, .completions, .embeddings]

    package static let providers = [
        ProviderDescription(
            "unladen-worker", tasks: tasks, streams: [.chat, .completions],
            features: ["tools", "images", "json_object", "json_schema", "stop", "seed", "n", "system"],
            config: [.text("worker_url", required: true), .secret("api_key", required: false)])
    ]

    package init(_ configuration: EndpointConfiguration) throws(AdapterError) {
        model = configuration.model
        base = try configuration.baseURL("worker_url") + "/v1"
        headers = try configuration.string("api_key").map { [HTTPHeader("authorization", "Bearer \($0)")] } ?? []
    }

    package func encode(_ call: borrowing AdapterCall) throws(AdapterError) -> ProviderRequest {
        guard Self.tasks.contains(call.task) else { throw .unsupported("Unladen's workers don't support \(call.task.name)") }
        let body = try OpenAIFormat.json(of: call, model: model)
        return ProviderRequest("\(base)/\(try OpenAIFormat.path(of: call.task))", headers: headers, json: body)
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
