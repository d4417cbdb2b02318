internal import JSON
internal import Primitives

/// Encodes server-sent events (html.spec.whatwg.org).
enum ServerSentEvents {
    static let contentType = "text/event-stream; charset=utf-8"

    static func data(_ json: some JSONWritable, tokens: Int = 0, settles: Bool = false) -> StreamChunk {
        event(name: nil, json, tokens: tokens, settles: settles)
    }

    static func event(_ name: String, _ json: some JSONWritable, tokens: Int = 0, settles: Bool = false) -> StreamChunk {
        event(name: name, json, tokens: tokens, settles: settles)
    }

    private static func event(name: String?, _ json: some JSONWritable, tokens: Int, settles: Bool) -> StreamChunk {
        StreamChunk(bytes: SSEFraming.event(json.jsonBytes(capacity: 256), name: name), tokens: tokens, settles: settles)
    }

    /// The last event of OpenAI's streams.
    static let done = StreamChunk(bytes: Array(SSEFraming.done.description.utf8))
}

extension JSONValue {
    init(_ number: Int) { self = .integer(Int64(number)) }

    /// An object of the members that aren't `nil`.
    static func members(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(JSONObject(members.compactMap { name, value in value.map { .init(name: name, value: $0) } }))
    }
}
