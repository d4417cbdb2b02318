internal import AdapterKit
internal import JSON

/// Translates the events of a stream for the client.
protocol EventHandler {
    /// Whether the end, or an error instead of it, was emitted.
    var isAtEnd: Bool { get }

    /// Translates an event and emits the result.
    mutating func handle(_ type: String, _ event: EventStreamMessage, _ output: StreamOutput) throws(AdapterError)

    /// Emits the usage so far, which is billed, when an exception ends the stream.
    mutating func fail(_ output: StreamOutput)

    /// Emits the end when the provider has closed the stream, if the missing events aren't essential.
    mutating func finish(_ output: StreamOutput)
}

extension EventHandler {
    mutating func fail(_ output: StreamOutput) {}
}

/// Decodes a stream of Bedrock: messages that contain events, or an exception that ends the stream.
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
