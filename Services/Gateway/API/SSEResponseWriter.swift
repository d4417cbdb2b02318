internal import GatewayFormats
internal import HTTPServer
internal import Hummingbird
internal import NIOCore
internal import ServiceKit
internal import WireProtocol

/// Writes a provider's stream to the client as server-sent events, as they arrive.
///
/// Events pass from one connection to the other on the event loop, without a task in between: waking a task for each event would
/// cost more than all the other work.
final class SSEResponseWriter: @unchecked Sendable {
    // `@unchecked`: created by the request handler, and afterwards only used on the event loop.

    private let stream: ProviderStream
    private let meter: UsageMeter
    private var translator: MessagesStream?
    private let errorFormat: ErrorFormat
    private let cancellation: CancellationHandle
    /// Whether the stream ends with OpenAI's `[DONE]`.
    private let endsWithDone: Bool
    private var isBroken = false
    private var done: CheckedContinuation<Void, any Error>?

    init(
        stream: ProviderStream, meter: UsageMeter, translator: MessagesStream?, errorFormat: ErrorFormat, cancellation: CancellationHandle,
        endsWithDone: Bool
    ) {
        self.stream = stream
        self.meter = meter
        self.translator = translator
        self.errorFormat = errorFormat
        self.cancellation = cancellation
        self.endsWithDone = endsWithDone
    }

    deinit {
        // The client disconnected before the response was started.
        stream.close()
        meter.close(status: 499, flags: .abandoned)
    }

    /// Writes the body of the response to the client's connection. The head has already been sent.
    ///
    /// - Throws: `CancellationError` if the client has disconnected.
    func run(_ context: ServiceRequestContext) async throws {
        // Without a connection there is no client.
        guard let connection = context.connection else { throw CancellationError() }
        connection.observe(
            onDisconnect: { [cancellation] in cancellation.cancel() },
            onWritabilityChange: { [stream] in stream.pauseReading(!$0) })
        defer {
            connection.stopObserving()
            stream.close()
        }
        try await withCheckedThrowingContinuation { done in
            // From here on, everything runs on the event loop of the provider's connection.
            self.done = done
            stream.read({ self.write($0, connection) }, fail: { self.fail($0, connection) })
        }
    }

    private func write(_ items: [ProviderStream.Item], _ connection: ClientConnection) {
        var buffer = connection.channel.allocator.buffer(capacity: 512)
        var isLast = false
        for item in items { isLast = append(item, into: &buffer) || isLast }
        // Close the meter before the client receives the end, so that every finished stream is recorded.
        if isLast { meter.close(status: 200, flags: isBroken ? .broken : []) }
        connection.write(buffer)
        if isLast { return finish(nil) }
        let channel = connection.channel
        guard !channel.isWritable else { return }
        stream.pauseReading(true)
        // The channel may have become writable in the meantime.
        channel.eventLoop.execute { [stream] in if channel.isWritable { stream.pauseReading(false) } }
    }

    private func fail(_ failure: AttemptFailure, _ connection: ClientConnection) {
        guard !cancellation.isCancelled else {
            meter.close(status: 499, flags: .abandoned)
            return finish(CancellationError())
        }
        // The status has been sent, so the error is an event.
        meter.close(status: failure.error.status, flags: .broken)
        connection.write(ByteBuffer(bytes: errorFormat.event(for: failure.error)))
        finish(nil)
    }

    private func finish(_ error: (any Error)?) {
        guard let done else { return }
        self.done = nil
        if let error { done.resume(throwing: error) } else { done.resume() }
    }

    /// - Returns: whether the item is the last one.
    private func append(_ item: ProviderStream.Item, into buffer: inout ByteBuffer) -> Bool {
        switch item {
        case .event(let bytes, let name):
            if translator != nil {
                for event in translator?.translate(bytes) ?? [] { Self.append(event.data, name: event.name, into: &buffer) }
            } else {
                Self.append(bytes, name: name, into: &buffer)
            }
            return false
        case .error(let error):
            isBroken = true
            buffer.writeBytes(errorFormat.event(for: error))
            return true
        case .end:
            for event in translator?.finish() ?? [] { Self.append(event.data, name: event.name, into: &buffer) }
            if translator == nil, endsWithDone { buffer.writeStaticString("data: [DONE]\n\n") }
            return true
        }
    }

    private static func append(_ data: [UInt8], name: String?, into buffer: inout ByteBuffer) {
        if let name { buffer.writeString("event: \(name)\n") }
        buffer.writeStaticString("data: ")
        buffer.writeBytes(data)
        buffer.writeStaticString("\n\n")
    }
}
