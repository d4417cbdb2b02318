package import AdapterKit
internal import JSON

/// Hugging Face's Text Generation Inference server: chat through its OpenAI-compatible Messages API, and completions through `generate`.
package struct HuggingFaceAdapter: Adapter {
    private let model: String
    private let base: String
    private let headers: [HTTPHeader]

    package static let providers = [
        ProviderDescription(
            "huggingface-text-generation-inference", tasks: [.chat, .completions], streams: [.chat, .completions],
            features: ["tools", "images", "json_schema", "stop", "seed", "logprobs", "system"],
            config: [.text("hf_server_url", required: true), .secret("hf_api_key", required: false)], servesOneModel: true)
    ]

    package init(_ configuration: EndpointConfiguration) throws(AdapterError) {
        model = configuration.model
        base = try configuration.baseURL("hf_server_url")
        headers = try configuration.string("hf_api_key").map { [HTTPHeader("authorization", "Bearer \($0)")] } ?? []
    }

    package func encode(_ call: borrowing AdapterCall) throws(AdapterError) -> ProviderRequest {
        switch call.task {
        case .chat:
            return ProviderRequest("\(base)/v1/chat/completions", headers: headers, json: try OpenAIFormat.json(of: call, model: model))
        case .completions:
            let body = try GenerateRequest.body(try call.request(), streams: call.streams)
            return ProviderRequest("\(base)/\(call.streams ? "generate_stream" : "generate")", headers: headers, body: body)
        default: throw .unsupported("Text Generation Inference doesn't support \(call.task.name)")
        }
    }

    package func decode(_ response: ProviderResponse, of call: borrowing AdapterCall) throws(AdapterError) -> DecodedResponse {
        guard call.task == .completions else { return try OpenAIFormat.decode(response, of: call.task) }
        let json = try response.json()
        let object = json.arrayValue?.first ?? json
        guard let text = object["generated_text"], text.stringValue != nil else {
            throw .malformed("the response has no generated text")
        }
        let builder = OpenAIResponseBuilder(id: "cmpl-\(call.identifier)", model: model, created: call.time, isChat: false)
        let details = object["details"]
        let usage = details.flatMap(GenerationDetails.usage)
        let choice = builder.choice(text, finishReason: GenerationDetails.finishReason(details))
        return DecodedResponse(builder.response([choice], usage: usage), usage: usage)
    }

    package func usage(in response: ProviderResponse, of call: borrowing AdapterCall) -> Usage? {
        guard call.task == .completions else { return OpenAIFormat.usage(in: response, of: call.task) }
        guard let json = try? response.json() else { return nil }
        return (json.arrayValue?.first ?? json)["details"].flatMap(GenerationDetails.usage)
    }

    package func decodeError(_ response: ProviderResponse, of call: borrowing AdapterCall) -> ProviderError {
        OpenAIErrors.decode(response)
    }

    package func stream(of call: borrowing AdapterCall, head: ProviderResponse) throws(AdapterError) -> any StreamDecoder {
        guard call.task == .completions else { return try OpenAIFormat.stream(of: call) }
        let builder = OpenAIResponseBuilder(id: "cmpl-\(call.identifier)", model: model, created: call.time, isChat: false)
        return TokenStreamDecoder(builder, includesUsage: OpenAIFormat.includesUsage(try call.request()))
    }
}

/// Translates completion requests into `generate`.
enum GenerateRequest {
    private static let unsupported: [OpenAIRequest.UnsupportedParameter] = [
        ("n", [1]), ("logprobs", [0]), ("logit_bias", [[:]]), ("presence_penalty", [0, 0.0]), ("suffix", [""]), ("best_of", [1]),
    ]

    static func body(_ request: JSONObject, streams: Bool) throws(AdapterError) -> JSONObject {
        let models = "models on Text Generation Inference"
        try OpenAIRequest.rejectUnsupported(unsupported, in: request, of: models)
        var parameters: JSONObject = ["details": true]
        // The server counts the tokens of the prompt only if it lists them, which it doesn't support for streams.
        if !streams { parameters["decoder_input_details"] = true }
        OpenAIRequest.mapParameters(
            [
                ("max_tokens", "max_new_tokens"), ("top_k", "top_k"), ("seed", "seed"), ("echo", "return_full_text"),
                ("frequency_penalty", "frequency_penalty"),
            ], from: request, to: &parameters)
        // The server rejects a temperature of 0, which means greedy decoding, and a top_p of 1, which means no truncation.
        if let temperature = request["temperature"]?.doubleValue {
            if temperature > 0 { parameters["temperature"] = .number(temperature) } else { parameters["do_sample"] = false }
        }
        if let top = request["top_p"]?.doubleValue, top < 1 { parameters["top_p"] = .number(top) }
        parameters["stop"] = OpenAIRequest.stopSequences(request)
        return ["inputs": .string(try OpenAIRequest.prompt(request, of: models)), "parameters": .object(parameters)]
    }
}

/// Decodes the `details` of a generation.
enum GenerationDetails {
    static func finishReason(_ details: JSONValue?) -> JSONValue {
        switch details?["finish_reason"]?.stringValue {
        case "length": "length"
        case nil: .null
        default: "stop"  // eos_token, stop_sequence
        }
    }

    static func usage(_ details: JSONValue) -> Usage? {
        guard let generated = details["generated_tokens"]?.integerValue else { return nil }
        let prompt = details["prefill"]?.arrayValue.flatMap { $0.isEmpty ? nil : Int64($0.count) } ?? details["input_length"]?.integerValue
        return Usage(prompt: prompt, completion: generated, total: prompt.map { Usage.saturatingSum($0, generated) })
    }
}
