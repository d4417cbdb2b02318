internal import NIOCore
internal import NIOHTTP1

/// A connection to a provider, which carries one exchange at a time.
///
/// Everything runs on the connection's event loop, which is usually that of the client's connection too, so that a request and its
/// response don't switch threads.
final class UpstreamConnection: ChannelInboundHandler, @unchecked Sendable {
    // `@unchecked`: mutable state is only accessed on the event loop.
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// The number of buffered bytes above which reading from the provider pauses.
    private static let highWaterMark = 256 << 10

    let origin: Origin
    let loop: any EventLoop
    private var context: ChannelHandlerContext?
    /// The time at which the last exchange ended, for the pool.
    var idleSince = NIODeadline.now()

    private enum State {
        case idle
        case waitingForHead(CheckedContinuation<Result<HTTPResponseHead, UpstreamFailure>, Never>)
        case body
        case closed
    }

    private var state = State.idle
    private var parts = CircularBuffer<ByteBuffer>()
    private var bufferedBytes = 0
    private var isAtEnd = false
    /// The number of the current exchange. It increases when an exchange begins and when it ends, so that calls with an old number
    /// have no effect.
    private var exchangeID: UInt64 = 0
    /// Receives the parts of the body as they arrive, in place of `reader`.
    private var sink: UpstreamSink?
    private var failure: UpstreamFailure?
    private var reader: CheckedContinuation<Result<ByteBuffer?, UpstreamFailure>, Never>?
    private var isPaused = false
    private var keepsAlive = true
    private var timeouts = UpstreamTimeouts()
    /// Fires no later than the timeouts of the current exchange; it may be left over from a previous one.
    private var timer: (task: Scheduled<Void>, deadline: NIODeadline)?
    /// Returns the connection to the pool when an exchange has ended successfully.
    var onIdle: ((UpstreamConnection) -> Void)?

    init(origin: Origin, loop: any EventLoop) {
        self.origin = origin
        self.loop = loop
    }

    var isOpen: Bool {
        if case .closed = state { false } else { context?.channel.isActive ?? false }
    }

    /// Begins an exchange on the connection. Must be called on the event loop.
    func beginExchange() -> UpstreamExchange {
        exchangeID += 1
        return UpstreamExchange(connection: self, exchangeID: exchangeID)
    }

    // MARK: One exchange

    fileprivate func begin(
        _ exchangeID: UInt64, _ head: HTTPRequestHead, _ body: [UInt8], _ limits: UpstreamTimeouts.Limits,
        _ continuation: CheckedContinuation<Result<HTTPResponseHead, UpstreamFailure>, Never>
    ) {
        guard exchangeID == self.exchangeID, let context, case .idle = state, context.channel.isActive else {
            return continuation.resume(returning: .failure(failure ?? .closed(hasBegun: false)))
        }
        dropBufferedParts()
        bufferedBytes = 0
        isAtEnd = false
        failure = nil
        keepsAlive = true
        state = .waitingForHead(continuation)
        timeouts = UpstreamTimeouts(limits, now: .now())
        scheduleTimeout()
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !body.isEmpty { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// The next part or the end, if already received; otherwise `nil`.
    fileprivate func takeBuffered(_ exchangeID: UInt64) -> Result<ByteBuffer?, UpstreamFailure>? {
        guard exchangeID == self.exchangeID else { return .success(nil) }
        if let part = parts.popFirst() {
            bufferedBytes -= part.readableBytes
            if isPaused, bufferedBytes < Self.highWaterMark / 2 { pause(false) }
            return .success(part)
        }
        guard isAtEnd else { return failure.map { .failure($0) } }
        // The response is complete, even if the connection has been closed since.
        release()
        return .success(nil)
    }

    fileprivate func take(_ exchangeID: UInt64, _ continuation: CheckedContinuation<Result<ByteBuffer?, UpstreamFailure>, Never>) {
        if let result = takeBuffered(exchangeID) { return continuation.resume(returning: result) }
        timeouts.touch(now: .now())
        reader = continuation
    }

    /// Sends all further parts to `sink`, starting with the buffered ones.
    fileprivate func read(_ exchangeID: UInt64, _ sink: UpstreamSink) {
        guard exchangeID == self.exchangeID else { return sink.end(nil) }
        bufferedBytes = 0
        // Resume before delivering the parts, since the sink may pause again.
        if isPaused { pause(false) }
        while let part = parts.popFirst() { sink.part(part) }
        // Writing to a disconnected client ends the exchange during the loop; it must not end twice.
        guard exchangeID == self.exchangeID else { return sink.end(.cancelled) }
        if isAtEnd {
            release()
            sink.end(nil)
        } else if let failure {
            sink.end(failure)
        } else {
            timeouts.touch(now: .now())
            self.sink = sink
        }
    }

    /// Ends the exchange in any state. An unfinished response closes the connection.
    fileprivate func cancel(_ exchangeID: UInt64) {
        guard exchangeID == self.exchangeID else { return }
        switch state {
        case .waitingForHead, .body: fail(.cancelled)
        case .idle: release()
        case .closed: break
        }
    }

    /// Pauses or resumes reading while the client can't take more.
    fileprivate func pauseReading(_ exchangeID: UInt64, _ isPaused: Bool) {
        if exchangeID == self.exchangeID, self.isPaused != isPaused, !isAtEnd { pause(isPaused) }
    }

    /// Closes an idle connection.
    func close() {
        onLoop { self.fail(.cancelled) }
    }

    fileprivate func onLoop(_ body: @escaping @Sendable () -> Void) {
        if loop.inEventLoop { body() } else { loop.execute(body) }
    }

    // MARK: Events

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        fail(.closed(hasBegun: false))
        self.context = nil
        onIdle = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        timeouts.touch(now: .now())
        switch unwrapInboundIn(data) {
        case .head(let head):
            // The decoder drops informational responses such as 100 Continue.
            guard case .waitingForHead(let continuation) = state else { return fail(.invalid("unexpected response")) }
            keepsAlive = head.isKeepAlive
            state = .body
            continuation.resume(returning: .success(head))
        case .body(let bytes):
            if let sink {
                sink.part(bytes)
            } else if let reader {
                self.reader = nil
                reader.resume(returning: .success(bytes))
            } else {
                parts.append(bytes)
                bufferedBytes += bytes.readableBytes
                if bufferedBytes > Self.highWaterMark, !isPaused { pause(true) }
            }
        case .end: end()
        }
    }

    private func end() {
        guard case .body = state else { return }
        isAtEnd = true
        if isPaused { pause(false) }
        if keepsAlive {
            state = .idle
            idleSince = .now()
        } else {
            state = .closed
            timer?.task.cancel()
            timer = nil
            context?.close(promise: nil)
        }
        if let sink {
            self.sink = nil
            release()
            sink.end(nil)
        } else if let reader {
            self.reader = nil
            release()
            reader.resume(returning: .success(nil))
        }
    }

    /// Ends the exchange, after the response was read to its end or the reader gave up.
    private func release() {
        exchangeID += 1
        dropBufferedParts()
        if case .idle = state { onIdle?(self) }
    }

    /// Drops the buffered parts, and keeps at most a small buffer for an idle connection.
    private func dropBufferedParts() { parts.removeAll(keepingCapacity: parts.capacity <= 64) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.headerOverflow: fail(.invalid("the headers are too long"))
        case HTTPParserError.invalidEOFState: fail(.closed(hasBegun: hasBegun))
        case is HTTPParserError, is NIOHTTPDecoderError: fail(.invalid("it is not valid HTTP"))
        default: fail(.closed(hasBegun: hasBegun))
        }
    }

    func channelInactive(context: ChannelHandlerContext) { fail(.closed(hasBegun: hasBegun)) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
    }

    private var hasBegun: Bool {
        if case .body = state { true } else { false }
    }

    private func fail(_ reason: UpstreamFailure) {
        let before = state
        if case .closed = before { return }
        state = .closed
        timer?.task.cancel()
        timer = nil
        failure = reason
        context?.close(promise: nil)
        if case .waitingForHead(let continuation) = before { continuation.resume(returning: .failure(reason)) }
        if let sink {
            self.sink = nil
            sink.end(reason)
        }
        if let reader {
            self.reader = nil
            reader.resume(returning: .failure(reason))
        }
    }

    private func pause(_ pause: Bool) {
        isPaused = pause
        context?.channel.setOption(.autoRead, value: !pause).whenFailure { _ in }
    }

    // MARK: Timeouts

    /// Schedules one timer for both timeouts. It is only rescheduled when it fires, so that neither arriving parts nor further exchanges
    /// within its time need a new one.
    private func scheduleTimeout() {
        let deadline = timeouts.nextCheck(now: .now())
        if let timer, timer.deadline <= deadline { return }
        timer?.task.cancel()
        timer = (loop.scheduleTask(deadline: deadline) { [weak self] in self?.checkTimeouts() }, deadline)
    }

    private func checkTimeouts() {
        timer = nil
        if case .idle = state { return }
        var isWaiting = reader != nil || (sink != nil && !isPaused)
        if case .waitingForHead = state { isWaiting = true }
        let now = NIODeadline.now()
        switch timeouts.failure(now: now, isWaiting: isWaiting) {
        case nil: scheduleTimeout()
        case .some(let failure): fail(failure)
        }
    }
}

/// Receives the parts of a response as they arrive, on the connection's event loop.
struct UpstreamSink {
    var part: (ByteBuffer) -> Void
    /// Called once, after the last part, with the reason if the response is incomplete.
    var end: (UpstreamFailure?) -> Void
}

/// The use of a connection for one request and its response. After its end, calls have no effect.
struct UpstreamExchange: Sendable {
    fileprivate let connection: UpstreamConnection
    fileprivate let exchangeID: UInt64

    init(connection: UpstreamConnection, exchangeID: UInt64) {
        self.connection = connection
        self.exchangeID = exchangeID
    }

    /// Sends a request and waits for the head of its response.
    func send(_ head: HTTPRequestHead, _ body: [UInt8], _ limits: UpstreamTimeouts.Limits) async throws(UpstreamFailure) -> HTTPResponseHead
    {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                connection.onLoop { connection.begin(exchangeID, head, body, limits, continuation) }
            }
        } onCancel: {
            cancel()
        }
        return try result.get()
    }

    /// The next part of the response's body; `nil` at its end.
    func next() async throws(UpstreamFailure) -> ByteBuffer? {
        // A short response is usually buffered as a whole. Reading it directly avoids suspending.
        if connection.loop.inEventLoop, let waiting = connection.takeBuffered(exchangeID) { return try waiting.get() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                connection.onLoop { connection.take(exchangeID, continuation) }
            }
        } onCancel: {
            cancel()
        }
        return try result.get()
    }

    /// Sends the rest of the response's body to `sink` as it arrives, without a task that waits for it.
    func read(_ sink: UpstreamSink) {
        let sink = SendableSink(sink: sink)
        connection.onLoop { connection.read(exchangeID, sink.sink) }
    }

    /// Pauses or resumes reading from the provider.
    func pauseReading(_ isPaused: Bool) { connection.onLoop { connection.pauseReading(exchangeID, isPaused) } }

    /// Ends the exchange, so that the provider can stop working.
    func cancel() { connection.onLoop { connection.cancel(exchangeID) } }
}

private struct SendableSink: @unchecked Sendable {
    // `@unchecked`: only used on the connection's event loop.
    var sink: UpstreamSink
}
