package import AdapterKit
internal import JSON

/// AI21 Labs: chat with the Jamba models, in OpenAI's format, and completions with the older J2 models.
package struct AI21Adapter: Adapter {
    private let model: String
    private let base: String
    private let key: String

    package static let providers = [
        ProviderDescription(
            "ai21labs", tasks: [.chat, .completions], streams: [.chat], features: ["tools", "json_object", "stop", "n", "system"],
            config: [.secret("ai21labs_api_key"), .text("ai21labs_api_base", default: "https://api.ai21.com/studio/v1")])
    ]

    package init(_ configuration: EndpointConfiguration) throws(AdapterError) {
        model = try configuration.modelInPath()
        key = try configuration.requiredString("ai21labs_api_key")
        base = try configuration.baseURL("ai21labs_api_base", default: "https://api.ai21.com/studio/v1")
    }

    package func encode(_ call: borrowing AdapterCall) throws(AdapterError) -> ProviderRequest {
        let headers = [HTTPHeader("authorization", "Bearer \(key)")]
        switch call.task {
        case .chat:
            // Every stream reports its usage at the end without being asked.
            let body = try OpenAIFormat.body(of: call, model: model, requestsUsage: false)
            return ProviderRequest("\(base)/chat/completions", headers: headers, body: body)
        case .completions:
            guard !call.streams else { throw .unsupported("AI21's completions don't support streaming") }
            let request = try call.request()
            var body: JSONObject = ["prompt": .string(try OpenAIRequest.prompt(request, of: "AI21's models"))]
            OpenAIRequest.mapParameters(
                [("n", "numResults"), ("max_tokens", "maxTokens"), ("temperature", "temperature"), ("top_p", "topP")], from: request,
                to: &body)
            body["stopSequences"] = OpenAIRequest.stopSequences(request)
            return ProviderRequest("\(base)/\(model)/complete", headers: headers, body: body)
        default: throw .unsupported("AI21's models don't support \(call.task.name)")
        }
    }

    package func decode(_ response: ProviderResponse, of call: borrowing AdapterCall) throws(AdapterError) -> DecodedResponse {
        guard call.task == .completions else { return try OpenAIFormat.decode(response, of: call.task) }
        let object = try response.object()
        guard let completions = object["completions"]?.arrayValue else { throw .malformed("the response has no completions") }
        let id = object["id"]?.stringValue ?? object["id"]?.integerValue.map { String($0) } ?? call.identifier
        let builder = OpenAIResponseBuilder(id: id, model: model, created: call.time, isChat: false)
        let choices = completions.enumerated().map { index, completion in
            let reason: JSONValue = completion["finishReason"]?["reason"] == "length" ? "length" : "stop"
            return builder.choice(completion["data"]?["text"] ?? "", at: Int64(index), finishReason: reason)
        }
        let usage = Self.usage(in: object)
        return DecodedResponse(builder.response(choices, usage: usage), usage: usage)
    }

    package func usage(in response: ProviderResponse, of call: borrowing AdapterCall) -> Usage? {
        guard call.task == .completions else { return OpenAIFormat.usage(in: response, of: call.task) }
        return (try? response.object()).flatMap(Self.usage)
    }

    /// AI21 lists the tokens of a completion instead of counting them.
    private static func usage(in object: JSONObject) -> Usage? {
        let completed = (object["completions"]?.arrayValue ?? []).reduce(0) { $0 + ($1["data"]?["tokens"]?.arrayValue?.count ?? 0) }
        return (object["prompt"]?["tokens"]?.arrayValue?.count).map { Usage(prompt: Int64($0), completion: Int64(completed)) }
    }

    package func decodeError(_ response: ProviderResponse, of call: borrowing AdapterCall) -> ProviderError {
        OpenAIErrors.decode(response)
    }

    package func stream(of call: borrowing AdapterCall, head: ProviderResponse) throws(AdapterError) -> any StreamDecoder {
        try OpenAIFormat.stream(of: call)
    }
}
