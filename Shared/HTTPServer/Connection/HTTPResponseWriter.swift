internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import NIOHTTP1

/// Writes the responses of one connection. All methods must be called on the connection's event loop.
final class HTTPResponseWriter: @unchecked Sendable {
    // `@unchecked`: all state is confined to the event loop.

    /// Parts of a body up to this many bytes are copied into the buffer with their framing.
    private static let copyThreshold = 16 << 10

    let channel: any Channel
    private let serverName: String
    var context: ChannelHandlerContext?
    /// The framing of the current response.
    private var framing: ResponseFraming?
    /// A head that is sent together with the first part of its body.
    private var unsentHead: ByteBuffer?
    private var waiter: CheckedContinuation<Void, any Error>?
    private var date = CurrentHTTPDate()

    init(channel: any Channel, serverName: String) {
        self.channel = channel
        self.serverName = serverName
    }

    /// Whether a request's response is outstanding or incomplete.
    var isInProgress: Bool { framing != nil }

    func begin(to head: HTTPRequestHead) {
        framing = ResponseFraming(to: head)
    }

    /// Writes the head of the response.
    ///
    /// - Parameter isLast: whether to close the connection after the response even if the client asked to keep it alive.
    func write(_ response: Response, isLast: Bool) {
        // Replaces a response whose head hasn't been sent.
        var buffer = channel.allocator.buffer(capacity: 512 + min(response.body.contentLength ?? 0, Self.copyThreshold))
        framing?.writeHead(
            response.status, response.headers, server: serverName, date: date.now(), isLast: isLast, into: &buffer)
        if response.body.contentLength == nil {
            // The first part of a stream may take a while, and the client may wait for the head.
            send(buffer)
            context?.flush()
        } else {
            unsentHead = buffer
        }
    }

    /// Writes a part of the body.
    ///
    /// - Throws: when the client has disconnected, or the body exceeds the `Content-Length`.
    func writePart(_ part: ByteBuffer) throws {
        let count = part.readableBytes
        guard let context, channel.isActive, let framing, !framing.isComplete else { throw ChannelError.ioOnClosedChannel }
        // An empty chunk would end the body.
        guard count > 0, framing.hasBody else { return }
        let isSmall = count <= Self.copyThreshold
        var buffer = unsentHead ?? channel.allocator.buffer(capacity: isSmall ? count + 32 : 32)
        try self.framing?.beginPart(count, into: &buffer)
        unsentHead = nil
        if isSmall {
            buffer.writeImmutableBuffer(part)
        } else {
            send(buffer)
            send(part)
            buffer.clear()
        }
        framing.endPart(into: &buffer)
        send(buffer)
        context.flush()
    }

    /// Writes the end of the response.
    ///
    /// - Throws: when the body is shorter than the `Content-Length`.
    func end() throws {
        guard !isComplete else { return }
        var buffer = unsentHead ?? channel.allocator.buffer(capacity: 16)
        try framing?.end(into: &buffer)
        unsentHead = nil
        send(buffer)
        context?.flush()
    }

    /// Finishes the response.
    ///
    /// - Returns: whether it must be the last one on the connection.
    func finish() -> Bool {
        defer { framing = nil }
        return framing?.isLast ?? true
    }

    /// Whether the response has been written completely.
    var isComplete: Bool { framing?.isComplete ?? false }

    /// Whether no part of the response has been sent.
    var hasUnsentHead: Bool { unsentHead != nil }

    /// Bytes that have been written but not yet accepted by the kernel.
    var unsentBytes: Int { (try? channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)) ?? 0 }

    /// Sends `100 Continue` to a client that waits for it before it sends the body (RFC 9110, section 10.1.1).
    func sendContinue() {
        var buffer = channel.allocator.buffer(capacity: 32)
        buffer.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
        send(buffer)
        context?.flush()
    }

    /// Calls `body` when all output has been sent or can't be sent.
    func whenSent(_ body: @escaping () -> Void) {
        guard let context else { return body() }
        let sent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(NIOAny(ByteBuffer()), promise: sent)
        sent.futureResult.assumeIsolated().whenComplete { _ in body() }
    }

    private func send(_ buffer: ByteBuffer) {
        guard buffer.readableBytes > 0 else { return }
        context?.write(NIOAny(buffer), promise: nil)
    }

    // MARK: Backpressure

    /// Waits until the client has read most of the output.
    ///
    /// - Throws: when the client disconnects.
    func waitUntilWritable() async throws {
        if channel.isWritable { return }
        try await withCheckedThrowingContinuation { waiter in
            if channel.isWritable { return waiter.resume() }
            guard channel.isActive, self.waiter == nil else { return waiter.resume(throwing: ChannelError.ioOnClosedChannel) }
            self.waiter = waiter
        }
    }

    func writabilityChanged() {
        guard channel.isWritable else { return }
        waiter?.resume()
        waiter = nil
    }

    func channelInactive() {
        unsentHead = nil
        waiter?.resume(throwing: ChannelError.ioOnClosedChannel)
        waiter = nil
    }
}

/// Writes the body of a response and reserves memory for its long parts.
struct MeteredResponseBodyWriter: ResponseBodyWriter {
    /// A part longer than this counts towards the request's memory until the client has read most of it.
    private static let meteringThreshold = 256 << 10

    let writer: HTTPResponseWriter
    let memory: RequestMemory

    func write(_ buffer: ByteBuffer) async throws {
        if buffer.readableBytes > Self.meteringThreshold { try memory.resize(to: buffer.readableBytes) }
        try writer.writePart(buffer)
        try await writer.waitUntilWritable()
    }

    consuming func finish(_ trailers: HTTPFields?) async throws {
        try writer.end()
    }
}
