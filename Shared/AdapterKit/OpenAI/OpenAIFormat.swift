package import JSON

/// The shared behavior of providers that implement OpenAI's API.
package enum OpenAIFormat {
    /// The path of a task, relative to the base URL.
    package static func path(of task: AdapterTask) throws(AdapterError) -> String {
        switch task {
        case .chat: "chat/completions"
        case .completions: "completions"
        case .embeddings: "embeddings"
        case .responses: "responses"
        case .messages: throw .unsupported("the provider has no messages API")
        }
    }

    /// The client's request as JSON, with the model replaced. Unchanged members stay as the client wrote them, byte for byte.
    ///
    /// - Parameter requestsUsage: whether the provider reports a stream's usage only on request. A client that didn't request it doesn't
    ///   receive it.
    package static func json(
        of call: borrowing AdapterCall, model: String, requestsUsage: Bool = true
    ) throws(AdapterError) -> [UInt8] {
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
                        options =
                            (try? JSONValue(parsing: UnsafeBufferPointer(rebasing: bytes[value]), limits: .trusted))?.objectValue ?? [:]
                    default:
                        json.name(name)
                        json.raw(UnsafeBufferPointer(rebasing: bytes[value]))
                    }
                }
                if !namesModel { json.field("model", model) }
                guard task != .embeddings, streams else { return }
                json.field("stream", true)
                guard task != .responses, requestsUsage else { return }
                options["include_usage"] = true
                json.field("stream_options", JSONValue.object(options))
            }
            return json.bytes
        }
    }

    /// The same as an object, for adapters that change other members, too.
    package static func body(
        of call: borrowing AdapterCall, model: String, requestsUsage: Bool = true
    ) throws(AdapterError) -> JSONObject {
        let json = try json(of: call, model: model, requestsUsage: requestsUsage)
        guard let object = (try? JSONValue(parsing: json, limits: .trusted))?.objectValue else {
            throw .invalid("the request is not a JSON object")
        }
        return object
    }

    /// Passes a response through unchanged.
    package static func decode(_ response: ProviderResponse, of task: AdapterTask) throws(AdapterError) -> DecodedResponse {
        let (object, hasResult) = try response.object(members: members, array: resultKey(of: task))
        // OpenRouter and others return errors with status 200.
        if case .object = object["error"] { throw .failed(OpenAIErrors.decode(response)) }
        guard hasResult else { throw .failed(OpenAIErrors.decode(response)) }
        return DecodedResponse(body: response.body, usage: usage(in: object, of: task))
    }

    /// The usage that a response reports, even if the response is otherwise unusable.
    package static func usage(in response: ProviderResponse, of task: AdapterTask) -> Usage? {
        (try? response.object(members: members)).flatMap { usage(in: $0, of: task) }
    }

    private static let members = ["error", "service_tier", "usage"]

    private static func usage(in object: JSONObject, of task: AdapterTask) -> Usage? {
        let tier = object["service_tier"]
        return object["usage"].flatMap { usage in
            task == .responses
                ? OpenAIUsage.ofResponse(usage, serviceTier: tier) : OpenAIUsage.ofCompletion(usage, serviceTier: tier)
        }
    }

    /// The member that every successful response has; a response without it is an error in some format.
    private static func resultKey(of task: AdapterTask) -> String {
        switch task {
        case .chat, .completions: "choices"
        case .embeddings: "data"
        case .responses: "output"
        case .messages: "content"
        }
    }

    /// Returns a decoder for the stream.
    package static func stream(of call: borrowing AdapterCall) throws(AdapterError) -> any StreamDecoder {
        call.task == .responses ? ResponsesStreamDecoder() : ChunkStreamDecoder(includesUsage: includesUsage(try call.request()))
    }

    /// Whether the client requests the usage at the end of its stream.
    package static func includesUsage(_ request: JSONObject) -> Bool {
        request["stream_options"]?["include_usage"]?.boolValue ?? false
    }
}
