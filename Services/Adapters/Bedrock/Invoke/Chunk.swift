internal import AdapterKit
internal import JSON

/// The event of a stream of InvokeModel: what the model's maker calls an event, in base64 in a JSON object.
enum Chunk {
    /// - Returns: `nil` for events that are none, which later versions may add.
    static func bytes(_ type: String, _ event: EventStreamMessage) throws(AdapterError) -> [UInt8]? {
        guard type == "chunk" else { return nil }
        guard let text = try event.object()["bytes"]?.stringValue, let bytes = Base64.decode(text) else {
            throw .malformed("a chunk of the stream has no bytes in base64")
        }
        return bytes
    }
}
