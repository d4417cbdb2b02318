package import AdapterKit
internal import JSON

/// AI21 Labs: chats of the Jamba models, in OpenAI's form, and completions of the older J2 models.
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

    package func encode(_ call: borrowing Call) throws(AdapterError) -> ProviderRequest {
        let headers = [HTTPHeader("authorization", "Bearer \(key)")]
        switch call.task {
        case .chat:
            // The usage comes at the end of each stream, unasked.
            let body = try OpenAIFormat.body(of: call, model: model, asksForUsage: false)
            return ProviderRequest("\(base)/chat/completions", headers: headers, body: body)
        case .completions:
            guard !call.streams else { throw .unsupported("AI21's completions can't be streamed") }
            let request = try call.request()
            var body: JSONObject = ["prompt": .string(try OpenAIRequest.prompt(request, of: "AI21's models"))]
            OpenAIRequest.rename(
                [("n", "numResults"), ("max_tokens", "maxTokens"), ("temperature", "temperature"), ("top_p", "topP")], from: request,
                to: &body)
            body["stopSequences"] = OpenAIRequest.stop(request)
            return ProviderRequest("\(base)/\(model)/complete", headers: headers, body: body)
        default: throw .unsupported("AI21's models can't do \(call.task.name)")
        }
    }

    package func decode(_ answer: ProviderAnswer, of call: borrowing Call) throws(AdapterError) -> DecodedAnswer {
        guard call.task == .completions else { return try OpenAIFormat.decode(answer, of: call.task) }
        let object = try answer.object()
        guard let completions = object["completions"]?.arrayValue else { throw .malformed("the answer has no completions") }
        let id = object["id"]?.stringValue ?? object["id"]?.integerValue.map { String($0) } ?? call.identifier
        let frame = AnswerFrame(id: id, model: model, created: call.time, isChat: false)
        let choices = completions.enumerated().map { index, completion in
            let reason: JSONValue = completion["finishReason"]?["reason"] == "length" ? "length" : "stop"
            return frame.choice(completion["data"]?["text"] ?? "", at: Int64(index), finishReason: reason)
        }
        let usage = Self.usage(in: object)
        return DecodedAnswer(frame.answer(choices, usage: usage), usage: usage)
    }

    package func usage(in answer: ProviderAnswer, of call: borrowing Call) -> Usage? {
        guard call.task == .completions else { return OpenAIFormat.usage(in: answer, of: call.task) }
        return (try? answer.object()).flatMap(Self.usage)
    }

    /// The tokens of a completion are listed, and not counted.
    private static func usage(in object: JSONObject) -> Usage? {
        let completed = (object["completions"]?.arrayValue ?? []).reduce(0) { $0 + ($1["data"]?["tokens"]?.arrayValue?.count ?? 0) }
        return (object["prompt"]?["tokens"]?.arrayValue?.count).map { Usage(prompt: Int64($0), completion: Int64(completed)) }
    }

    package func decodeError(_ answer: ProviderAnswer, of call: borrowing Call) -> ProviderError {
        OpenAIErrors.decode(answer)
    }

    package func stream(of call: borrowing Call, head: ProviderAnswer) throws(AdapterError) -> any StreamDecoder {
        try OpenAIFormat.stream(of: call)
    }
}
