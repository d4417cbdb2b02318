internal import AdapterKit
internal import JSON
internal import Primitives

/// An event of an InvokeModel stream: the vendor's own event as base64 in a JSON object.
enum Chunk {
    /// Decodes the vendor's event.
    ///
    /// - Returns: `nil` for other types of events, which later versions may add.
    static func bytes(_ type: String, _ event: EventStreamMessage) throws(AdapterError) -> [UInt8]? {
        guard type == "chunk" else { return nil }
        guard let text = try event.object()["bytes"]?.stringValue, let bytes = Base64.decode(text) else {
            throw .malformed("a chunk of the stream has no base64 'bytes'")
        }
        return bytes
    }
}
