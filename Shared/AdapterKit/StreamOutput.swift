package import JSON
internal import PluginABI

/// The output of a stream decoder: emits to the host.
package struct StreamOutput {
    let output: unladen_output

    /// Emits the data of an event: JSON without line breaks.
    package func event(_ data: some Collection<UInt8>) { output.emit(UNLADEN_OUT_EVENT, data) }

    /// Emits the data of an event.
    package func event(_ data: JSONObject) { event(JSONValue.object(data).jsonBytes()) }

    /// Emits the name and the data of an event.
    package func event(_ name: String, _ data: some Collection<UInt8>) {
        output.emit(UNLADEN_OUT_EVENT_NAME, name.utf8)
        event(data)
    }

    /// Emits the usage reported so far.
    package func usage(_ usage: Usage) { output.emit(UNLADEN_OUT_USAGE, usage.jsonBytes(capacity: 128)) }

    /// Emits the provider's error, which ends the stream.
    package func error(_ error: ProviderError) { output.emit(UNLADEN_OUT_ERROR, JSONValue.object(error.json).jsonBytes()) }

    /// Emits the end of the stream.
    package func end() { output.emit(UNLADEN_OUT_END, EmptyCollection()) }
}

extension unladen_output {
    func emit(_ kind: some BinaryInteger, _ bytes: some Collection<UInt8>) {
        let sent: Void? = bytes.withContiguousStorageIfAvailable {
            emit(context, UInt32(truncatingIfNeeded: kind), unladen_bytes(data: $0.baseAddress, size: $0.count))
        }
        if sent == nil {
            Array(bytes).withUnsafeBufferPointer {
                emit(context, UInt32(truncatingIfNeeded: kind), unladen_bytes(data: $0.baseAddress, size: $0.count))
            }
        }
    }
}
