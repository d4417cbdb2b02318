internal import AdapterKit
internal import JSON

/// What the events of a stream come to for the client.
protocol EventHandler {
    /// Whether the end, or an error in place of it, was emitted.
    var isAtEnd: Bool { get }

    /// Takes an event and emits what it comes to.
    mutating func handle(_ type: String, _ event: EventStreamMessage, _ output: StreamOutput) throws(AdapterError)

    /// An exception ends the stream: emits what was used up to here, which is owed all the same.
    mutating func fail(_ output: StreamOutput)

    /// Nothing follows: emits the end, if what the last events bring can be done without.
    mutating func finish(_ output: StreamOutput)
}

extension EventHandler {
    mutating func fail(_ output: StreamOutput) {}
}

/// A stream of Bedrock: messages that are events, or the exception that ends it.
struct EventStreamDecoder<Handler: EventHandler>: StreamDecoder {
    private var parser = EventStreamMessageParser()
    private var handler: Handler
    private var hasFailed = false

    init(_ handler: Handler) {
        self.handler = handler
    }

    private var isAtEnd: Bool { hasFailed || handler.isAtEnd }

    mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, _ output: StreamOutput) throws(AdapterError) {
        guard !isAtEnd else { return }
        parser.append(bytes)
        while !isAtEnd, let message = try parser.next() {
            switch message.headers[":message-type"] {
            case "event": try handler.handle(message.headers[":event-type"] ?? "", message, output)
            case "exception", "error":
                hasFailed = true
                handler.fail(output)
                output.error(BedrockErrors.decode(message))
            default: throw .malformed("a message of the stream is neither an event nor an exception")
            }
        }
    }

    mutating func finish(_ output: StreamOutput) throws(AdapterError) {
        if !isAtEnd, !parser.hasPartialMessage { handler.finish(output) }
    }
}
