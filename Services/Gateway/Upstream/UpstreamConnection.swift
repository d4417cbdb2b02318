internal import NIOCore
internal import NIOHTTP1

/// One connection to a provider, which carries one exchange at a time.
///
/// All of it happens on the connection's event loop, which is as a rule the one that reads the client's connection too: then a
/// request goes out and its answer comes back without a change of threads.
final class UpstreamConnection: ChannelInboundHandler, @unchecked Sendable {
    // `@unchecked`: everything that changes does so on the event loop.
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// Bytes that may wait for the client before the provider isn't read any further.
    private static let highWater = 256 << 10

    let origin: Origin
    let loop: any EventLoop
    private var context: ChannelHandlerContext?
    /// When the last exchange ended; for the pool.
    var idleSince = NIODeadline.now()

    private enum State {
        case idle
        case waitingForHead(CheckedContinuation<Result<HTTPResponseHead, UpstreamFailure>, Never>)
        case body
        case closed
    }

    private var state = State.idle
    private var parts = CircularBuffer<ByteBuffer>()
    private var waitingBytes = 0
    private var isAtEnd = false
    /// Whether somebody has it, and not the pool.
    private var isLent = true
    private var failure: UpstreamFailure?
    private var reader: CheckedContinuation<Result<ByteBuffer?, UpstreamFailure>, Never>?
    private var isPaused = false
    private var keepsAlive = true
    private var patience = UpstreamPatience()
    private var timer: Scheduled<Void>?
    /// Gets the connection back when an exchange has ended well.
    var onIdle: ((UpstreamConnection) -> Void)?

    init(origin: Origin, loop: any EventLoop) {
        self.origin = origin
        self.loop = loop
    }

    var isOpen: Bool {
        if case .closed = state { false } else { context?.channel.isActive ?? false }
    }

    // MARK: One exchange

    /// Sends a request and waits for the head of its answer.
    func exchange(_ head: HTTPRequestHead, _ body: [UInt8], _ limits: UpstreamPatience.Limits) async throws(UpstreamFailure) -> HTTPResponseHead {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                onLoop { self.begin(head, body, limits, continuation) }
            }
        } onCancel: {
            cancel()
        }
        return try result.get()
    }

    private func begin(
        _ head: HTTPRequestHead, _ body: [UInt8], _ limits: UpstreamPatience.Limits,
        _ continuation: CheckedContinuation<Result<HTTPResponseHead, UpstreamFailure>, Never>
    ) {
        guard let context, case .idle = state, context.channel.isActive else {
            return continuation.resume(returning: .failure(failure ?? .closed(hasBegun: false)))
        }
        parts.removeAll()
        waitingBytes = 0
        isAtEnd = false
        isLent = true
        failure = nil
        keepsAlive = true
        state = .waitingForHead(continuation)
        patience = UpstreamPatience(limits, now: .now())
        watch()
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !body.isEmpty { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// The next part of the answer's body; `nil` at its end.
    func next() async throws(UpstreamFailure) -> ByteBuffer? {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                onLoop { self.take(continuation) }
            }
        } onCancel: {
            cancel()
        }
        return try result.get()
    }

    private func take(_ continuation: CheckedContinuation<Result<ByteBuffer?, UpstreamFailure>, Never>) {
        if let part = parts.popFirst() {
            waitingBytes -= part.readableBytes
            if isPaused, waitingBytes < Self.highWater / 2 { pause(false) }
            continuation.resume(returning: .success(part))
        } else if let failure {
            continuation.resume(returning: .failure(failure))
        } else if isAtEnd {
            continuation.resume(returning: .success(nil))
        } else {
            patience.touch(now: .now())
            reader = continuation
        }
    }

    /// Ends the exchange, whatever its state; an answer that is still coming is cut off.
    func cancel() {
        onLoop {
            switch self.state {
            case .waitingForHead, .body: self.fail(.cancelled)
            case .idle: self.release()
            case .closed: break
            }
        }
    }

    /// Ends an idle connection.
    func close() {
        onLoop { self.fail(.cancelled) }
    }

    private func onLoop(_ body: @escaping @Sendable () -> Void) {
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
        patience.touch(now: .now())
        switch unwrapInboundIn(data) {
        case .head(let head):
            // 100 Continue and its kind are dropped by the decoder.
            guard case .waitingForHead(let continuation) = state else { return fail(.invalid("an answer that nobody asked for")) }
            keepsAlive = head.isKeepAlive
            state = .body
            continuation.resume(returning: .success(head))
        case .body(let bytes):
            if let reader {
                self.reader = nil
                reader.resume(returning: .success(bytes))
            } else {
                parts.append(bytes)
                waitingBytes += bytes.readableBytes
                if waitingBytes > Self.highWater, !isPaused { pause(true) }
            }
        case .end: end()
        }
    }

    private func end() {
        guard case .body = state else { return }
        timer?.cancel()
        timer = nil
        isAtEnd = true
        if isPaused { pause(false) }
        if keepsAlive {
            state = .idle
            idleSince = .now()
        } else {
            state = .closed
            context?.close(promise: nil)
        }
        reader?.resume(returning: .success(nil))
        reader = nil
    }

    /// Hands the connection back: to be called when the answer has been read to its end.
    func finished() { onLoop { self.release() } }

    private func release() {
        guard isLent, case .idle = state else { return }
        isLent = false
        parts.removeAll()
        onIdle?(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.headerOverflow: fail(.invalid("its headers are too long"))
        case HTTPParserError.invalidEOFState: fail(.closed(hasBegun: hasBegun))
        case is HTTPParserError, is NIOHTTPDecoderError: fail(.invalid("it is no HTTP"))
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
        timer?.cancel()
        timer = nil
        failure = reason
        context?.close(promise: nil)
        if case .waitingForHead(let continuation) = before { continuation.resume(returning: .failure(reason)) }
        if let reader {
            self.reader = nil
            reader.resume(returning: .failure(reason))
        }
    }

    private func pause(_ pause: Bool) {
        isPaused = pause
        context?.channel.setOption(.autoRead, value: !pause).whenFailure { _ in }
    }

    // MARK: Patience

    /// One timer for both limits, set anew only when it has run out: a part that arrives costs none.
    private func watch() {
        let patience = patience
        timer = loop.scheduleTask(deadline: patience.next(now: .now())) { [weak self] in self?.look() }
    }

    private func look() {
        var isWaiting = reader != nil
        if case .waitingForHead = state { isWaiting = true }
        let now = NIODeadline.now()
        switch patience.verdict(now: now, isWaiting: isWaiting) {
        case nil: watch()
        case .some(let failure): fail(failure)
        }
    }
}

/// How long an exchange may be silent and how long it may take.
struct UpstreamPatience {
    struct Limits: Sendable {
        var silence: TimeAmount
        var total: TimeAmount
    }

    private var limits = Limits(silence: .seconds(60), total: .seconds(60))
    private var end = NIODeadline.distantFuture
    private var lastSign = NIODeadline.now()

    init() {}

    init(_ limits: Limits, now: NIODeadline) {
        self.limits = limits
        end = now + limits.total
        lastSign = now
    }

    mutating func touch(now: NIODeadline) { lastSign = now }

    /// When to look again.
    func next(now: NIODeadline) -> NIODeadline { min(end, max(lastSign + limits.silence, now + .milliseconds(5))) }

    /// - Parameter isWaiting: whether something is expected of the provider; it isn't to blame for a client that reads slowly.
    mutating func verdict(now: NIODeadline, isWaiting: Bool) -> UpstreamFailure? {
        if now >= end { return .totalTimeout }
        if !isWaiting { lastSign = now }
        return now >= lastSign + limits.silence ? .silent : nil
    }
}
