/// Reads a stream of server-sent events, one after the other.
package protocol EventDecoder: StreamDecoder {
    var parser: EventStreamParser { get set }

    /// Takes an event and emits what it comes to.
    mutating func take(_ event: EventStreamParser.Event, _ output: StreamOutput) throws(AdapterError)
}

extension EventDecoder {
    package mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, _ output: StreamOutput) throws(AdapterError) {
        for event in parser.feed(bytes) { try take(event, output) }
        try parser.checkLimit()
    }

    package mutating func finish(_ output: StreamOutput) throws(AdapterError) {}
}
