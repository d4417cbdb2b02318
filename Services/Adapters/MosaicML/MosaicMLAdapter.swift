package import AdapterKit
internal import JSON

/// MosaicML's inference API, as in MLflow's gateway. The public service was shut down, but private deployments still use the API.
package struct MosaicMLAdapter: Adapter {
    private let model: String
    private let base: String
    private let key: String

    package static let providers = [
        ProviderDescription(
            "mosaicml", tasks: [.chat, .completions, .embeddings], streams: [], features: ["stop", "n", "system"],
            config: [
                .secret("mosaicml_api_key"), .text("mosaicml_api_base", default: "https://models.hosted-on.mosaicml.hosting"),
            ])
    ]

    package init(_ configuration: EndpointConfiguration) throws(AdapterError) {
        model = try configuration.modelInPath()
        key = try configuration.requiredString("mosaicml_api_key")
        base = try configuration.baseURL("mosaicml_api_base", default: "https://models.hosted-on.mosaicml.hosting")
    }

    package func encode(_ call: borrowing AdapterCall) throws(AdapterError) -> ProviderRequest {
        guard !call.streams else { throw .unsupported("MosaicML's models don't support streaming") }
        var parameters = try call.request()
        let inputs: [JSONValue]
        switch call.task {
        case .chat:
            guard model.hasPrefix("llama2") else { throw .unsupported("of MosaicML's models, only llama2 supports chat, not '\(model)'") }
            for name in ["tools", "tool_choice", "response_format"] {
                guard parameters[name] ?? .null == .null else { throw .unsupported("MosaicML's models don't support '\(name)'") }
            }
            inputs = [.string(try Llama2Prompt.text(try OpenAIRequest.messages(parameters)))]
        case .completions: inputs = parameters["prompt"]?.arrayValue ?? [parameters["prompt"] ?? ""]
        case .embeddings: inputs = try OpenAIRequest.embeddingInputs(parameters, of: "MosaicML's models")
        default: throw .unsupported("MosaicML's models don't support \(call.task.name)")
        }
        if let limit = OpenAIRequest.maximumTokens(parameters) { parameters["max_new_tokens"] = .integer(limit) }
        let taken = [
            "model", "messages", "prompt", "input", "encoding_format", "max_tokens", "max_completion_tokens", "stream", "stream_options",
        ]
        for name in taken { parameters[name] = nil }
        parameters.members.removeAll { $0.value == .null }
        var body: JSONObject = ["inputs": .array(inputs)]
        if call.task != .embeddings { body["parameters"] = .object(parameters) }
        // The header contains the key alone, without "Bearer".
        return ProviderRequest("\(base)/\(model)/v1/predict", headers: [HTTPHeader("authorization", key)], body: body)
    }

    package func decode(_ response: ProviderResponse, of call: borrowing AdapterCall) throws(AdapterError) -> DecodedResponse {
        guard let outputs = try response.object()["outputs"]?.arrayValue else { throw .malformed("the response has no 'outputs'") }
        if call.task == .embeddings {
            let asBase64 = OpenAIRequest.wantsBase64(try call.request())
            let body = OpenAIResponseBuilder.embeddings(outputs, model: model, usage: nil, asBase64: asBase64)
            return DecodedResponse(body, usage: nil)
        }
        let isChat = call.task == .chat
        let builder = OpenAIResponseBuilder(
            id: "\(isChat ? "chatcmpl" : "cmpl")-\(call.identifier)", model: model, created: call.time, isChat: isChat)
        let choices = outputs.enumerated().map { index, output in
            let text = output.stringValue ?? ""
            let value: JSONValue = isChat ? OpenAIResponseBuilder.message(text: text) : .string(text)
            return builder.choice(value, at: Int64(index), finishReason: "stop")
        }
        return DecodedResponse(builder.response(choices, usage: nil), usage: nil)
    }

    /// Returns `nil`: the API reports no usage.
    package func usage(in response: ProviderResponse, of call: borrowing AdapterCall) -> Usage? { nil }

    package func decodeError(_ response: ProviderResponse, of call: borrowing AdapterCall) -> ProviderError {
        OpenAIErrors.decode(response)
    }

    package func stream(of call: borrowing AdapterCall, head: ProviderResponse) throws(AdapterError) -> any StreamDecoder {
        throw .unsupported("MosaicML's models don't support streaming")
    }
}

/// Renders a chat in Llama 2's prompt format: `<s>[INST] <<SYS>> … <</SYS>> … [/INST] … </s><s>[INST] … [/INST]`.
enum Llama2Prompt {
    static func text(_ messages: [JSONValue]) throws(AdapterError) -> String {
        var prompt = "<s>"
        var isOpen = false
        for (index, message) in messages.enumerated() {
            guard let content = message["content"]?.stringValue else {
                throw .unsupported("MosaicML's models accept only text: 'messages[\(index)].content' must be a string")
            }
            switch message["role"]?.stringValue {
            case "system", "developer", "user":
                let said = message["role"] == "user" ? content : "<<SYS>> \(content) <</SYS>>"
                prompt += (isOpen ? " " : "[INST] ") + said
                isOpen = true
            case "assistant":
                if isOpen { prompt += " [/INST]" }
                isOpen = false
                prompt += " \(content)" + (index == messages.count - 1 ? "" : " </s><s>")
            default: throw .unsupported("MosaicML's models accept only the roles system, user and assistant ('messages[\(index)].role')")
            }
        }
        return isOpen ? prompt + " [/INST]" : prompt
    }
}
