/// Reads a stream of server-sent events, one after the other.
package protocol SSEStreamDecoder: StreamDecoder {
    var parser: SSEParser { get set }

    /// Takes an event and emits what it comes to.
    mutating func handle(_ event: SSEParser.Event, _ output: StreamOutput) throws(AdapterError)
}

extension SSEStreamDecoder {
    package mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, _ output: StreamOutput) throws(AdapterError) {
        for event in parser.feed(bytes) { try handle(event, output) }
        try parser.checkLimit()
    }

    package mutating func finish(_ output: StreamOutput) throws(AdapterError) {}
}
