package import JSON
internal import PluginABI

/// Where a stream's events go: straight to the host.
package struct StreamOutput {
    let output: unladen_output

    /// The data of an event: JSON without line breaks.
    package func event(_ data: some Collection<UInt8>) { output.emit(UNLADEN_OUT_EVENT, data) }

    package func event(_ data: JSONObject) { event(JSONValue.object(data).jsonBytes()) }

    /// The data of an event that has a name.
    package func event(_ name: String, _ data: some Collection<UInt8>) {
        output.emit(UNLADEN_OUT_EVENT_NAME, name.utf8)
        event(data)
    }

    package func usage(_ usage: Usage) { output.emit(UNLADEN_OUT_USAGE, usage.jsonBytes(capacity: 128)) }

    /// The provider ends the stream with an error.
    package func error(_ error: ProviderError) { output.emit(UNLADEN_OUT_ERROR, JSONValue.object(error.json).jsonBytes()) }

    /// The provider has said all.
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
