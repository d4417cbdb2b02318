package import AdapterKit
internal import JSON

/// A model served by MLflow (`mlflow models serve`), through its scoring protocol, as in MLflow's gateway.
package struct MLflowServingAdapter: Adapter {
    private let model: String
    private let url: String

    package static let providers = [
        ProviderDescription(
            "mlflow-model-serving", tasks: [.chat, .completions, .embeddings], streams: [], features: [],
            config: [.text("model_server_url", required: true)], servesOneModel: true)
    ]

    package init(_ configuration: EndpointConfiguration) throws(AdapterError) {
        model = configuration.model
        url = try configuration.baseURL("model_server_url") + "/invocations"
    }

    package func encode(_ call: borrowing AdapterCall) throws(AdapterError) -> ProviderRequest {
        guard !call.streams else { throw .unsupported("models served by MLflow don't support streaming") }
        var params = try call.request()
        let inputs: [JSONValue]
        switch call.task {
        case .chat: inputs = [try Self.singleText(try OpenAIRequest.messages(params))]
        case .completions: inputs = params["prompt"]?.arrayValue ?? [params["prompt"] ?? ""]
        case .embeddings: inputs = params["input"]?.arrayValue ?? [params["input"] ?? ""]
        default: throw .unsupported("models served by MLflow don't support \(call.task.name)")
        }
        for name in ["model", "messages", "prompt", "input", "encoding_format", "stream", "stream_options"] { params[name] = nil }
        params.members.removeAll { $0.value == .null }
        var body: JSONObject = ["inputs": .array(inputs)]
        if !params.members.isEmpty { body["params"] = .object(params) }
        return ProviderRequest(url, headers: [], body: body)
    }

    /// The only message as a string: the protocol has no place for more.
    private static func singleText(_ messages: [JSONValue]) throws(AdapterError) -> JSONValue {
        guard messages.count == 1, let content = messages[0]["content"] else {
            throw .unsupported("models served by MLflow accept exactly one message with content")
        }
        if content.stringValue != nil { return content }
        let parts = content.arrayValue ?? []
        guard !parts.isEmpty, parts.allSatisfy({ $0["type"] == "text" }) else {
            throw .unsupported("models served by MLflow accept only text")
        }
        return .string(parts.compactMap { $0["text"]?.stringValue }.joined())
    }

    package func decode(_ response: ProviderResponse, of call: borrowing AdapterCall) throws(AdapterError) -> DecodedResponse {
        guard let predictions = try response.object()["predictions"] else { throw .malformed("the response has no 'predictions'") }
        if call.task == .embeddings {
            let vectors = try Self.vectors(predictions)
            let asBase64 = OpenAIRequest.wantsBase64(try call.request())
            let body = OpenAIResponseBuilder.embeddings(vectors, model: model, usage: nil, asBase64: asBase64)
            return DecodedResponse(body, usage: nil)
        }
        let isChat = call.task == .chat
        let builder = OpenAIResponseBuilder(
            id: "\(isChat ? "chatcmpl" : "cmpl")-\(call.identifier)", model: model, created: call.time, isChat: isChat)
        let choices = try Self.texts(predictions).enumerated().map { index, text in
            let value: JSONValue = isChat ? OpenAIResponseBuilder.message(text: text) : .string(text)
            return builder.choice(value, at: Int64(index), finishReason: "stop")
        }
        return DecodedResponse(builder.response(choices, usage: nil), usage: nil)
    }

    /// The strings in an array, or in an object with such an array as `choices` or as its only member.
    private static func texts(_ predictions: JSONValue) throws(AdapterError) -> [String] {
        let object = predictions.objectValue
        let list = object.flatMap { $0["choices"] ?? ($0.members.count == 1 ? $0.members.first?.value : nil) } ?? predictions
        let texts = (list.arrayValue ?? []).compactMap(\.stringValue)
        guard !texts.isEmpty, texts.count == list.arrayValue?.count else {
            throw .malformed("'predictions' must be an array of strings, or an object with such an array as 'choices'")
        }
        return texts
    }

    /// The vectors in an array of arrays of numbers, or in a single array of numbers.
    private static func vectors(_ predictions: JSONValue) throws(AdapterError) -> [JSONValue] {
        let list = predictions.arrayValue ?? []
        let vectors = list.first?.doubleValue == nil ? list : [predictions]
        let isRight = vectors.allSatisfy { vector in
            vector.arrayValue.map { !$0.isEmpty && $0.allSatisfy { $0.doubleValue != nil } } ?? false
        }
        guard !vectors.isEmpty, isRight else { throw .malformed("'predictions' must be arrays of numbers") }
        return vectors
    }

    /// Returns `nil`: the protocol reports no usage.
    package func usage(in response: ProviderResponse, of call: borrowing AdapterCall) -> Usage? { nil }

    /// MLflow's `{"error_code", "message"}`.
    package func decodeError(_ response: ProviderResponse, of call: borrowing AdapterCall) -> ProviderError {
        guard let object = try? response.object(), let message = object["message"]?.stringValue else {
            return ProviderError(undocumented: response)
        }
        return ProviderError(message, code: object["error_code"])
    }

    package func stream(of call: borrowing AdapterCall, head: ProviderResponse) throws(AdapterError) -> any StreamDecoder {
        throw .unsupported("models served by MLflow don't support streaming")
    }
}
