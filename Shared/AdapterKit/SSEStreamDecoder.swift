package import Primitives

/// A decoder for a stream of server-sent events.
package protocol SSEStreamDecoder: StreamDecoder {
    var parser: SSEParser { get set }

    /// Translates an event and emits the result.
    mutating func handle(_ event: SSEParser.Event, _ output: StreamOutput) throws(AdapterError)
}

extension SSEStreamDecoder {
    package mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, _ output: StreamOutput) throws(AdapterError) {
        for event in parser.feed(bytes) { try handle(event, output) }
        try parser.checkLimit()
    }

    package mutating func finish(_ output: StreamOutput) throws(AdapterError) {}
}
