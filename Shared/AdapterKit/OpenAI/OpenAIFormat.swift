package import JSON

/// What providers have in common that speak OpenAI's API themselves.
package enum OpenAIFormat {
    /// The path of a task behind the base URL.
    package static func path(of task: AdapterTask) throws(AdapterError) -> String {
        switch task {
        case .chat: "chat/completions"
        case .completions: "completions"
        case .embeddings: "embeddings"
        case .responses: "responses"
        case .messages: throw .unsupported("the provider has no messages API")
        }
    }

    /// The client's request for another model, as JSON: what isn't changed stays as the client wrote it, byte for byte.
    ///
    /// - Parameter asksForUsage: whether the usage of a stream must be asked for; a client that didn't ask itself doesn't see it.
    package static func json(of call: borrowing Call, model: String, asksForUsage: Bool = true) throws(AdapterError) -> [UInt8] {
        let (task, streams) = (call.task, call.streams)
        return try call.withMembers { members, bytes throws(AdapterError) in
            var json = JSONWriter(capacity: bytes.count + 128)
            var options: JSONObject = [:]
            json.object { json in
                var namesModel = false
                for (name, value) in members {
                    switch name {
                    case "model":
                        namesModel = true
                        json.field("model", model)
                    case "stream" where task != .embeddings: break
                    case "stream_options" where task != .embeddings && task != .responses:
                        options = (try? JSONValue(parsing: UnsafeBufferPointer(rebasing: bytes[value]), limits: .trusted))?.objectValue ?? [:]
                    default:
                        json.name(name)
                        json.raw(bytes[value])
                    }
                }
                if !namesModel { json.field("model", model) }
                guard task != .embeddings, streams else { return }
                json.field("stream", true)
                guard task != .responses, asksForUsage else { return }
                options["include_usage"] = true
                json.field("stream_options", JSONValue.object(options))
            }
            return json.bytes
        }
    }

    /// The same, for an adapter that changes more.
    package static func body(of call: borrowing Call, model: String, asksForUsage: Bool = true) throws(AdapterError) -> JSONObject {
        let json = try json(of: call, model: model, asksForUsage: asksForUsage)
        guard let object = (try? JSONValue(parsing: json, limits: .trusted))?.objectValue else { throw .invalid("the request is not a JSON object") }
        return object
    }

    /// An answer, which passes as it is.
    package static func decode(_ answer: ProviderAnswer, of task: AdapterTask) throws(AdapterError) -> DecodedAnswer {
        let (object, hasResult) = try answer.object(members: members, array: result(of: task))
        // OpenRouter and others tell of an error with a status of 200.
        if case .object = object["error"] { throw .failed(OpenAIErrors.decode(answer)) }
        guard hasResult else { throw .failed(OpenAIErrors.decode(answer)) }
        return DecodedAnswer(body: answer.body, usage: usage(in: object, of: task))
    }

    /// What an answer says that was used, whatever else it is.
    package static func usage(in answer: ProviderAnswer, of task: AdapterTask) -> Usage? {
        (try? answer.object(members: members)).flatMap { usage(in: $0, of: task) }
    }

    private static let members = ["error", "service_tier", "usage"]

    private static func usage(in object: JSONObject, of task: AdapterTask) -> Usage? {
        let tier = object["service_tier"]
        return object["usage"].flatMap { usage in
            task == .responses
                ? OpenAIUsage.ofResponse(usage, serviceTier: tier) : OpenAIUsage.ofCompletion(usage, serviceTier: tier)
        }
    }

    /// The member that each answer has; what lacks it is an error in whatever form.
    private static func result(of task: AdapterTask) -> String {
        switch task {
        case .chat, .completions: "choices"
        case .embeddings: "data"
        case .responses: "output"
        case .messages: "content"
        }
    }

    /// A reader for the stream.
    package static func stream(of call: borrowing Call) throws(AdapterError) -> any StreamDecoder {
        call.task == .responses ? ResponseStream() : ChunkStream(wantsUsage: wantsUsage(try call.request()))
    }

    /// Whether a client wants to see the usage at the end of its stream.
    package static func wantsUsage(_ request: JSONObject) -> Bool {
        request["stream_options"]?["include_usage"]?.boolValue ?? false
    }
}
