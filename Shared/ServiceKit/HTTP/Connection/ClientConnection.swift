internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
package import NIOCore
package import NIOHTTP1
internal import Synchronization
internal import WireProtocol

/// A client's connection: hands on its requests one after the other, and takes their responses.
///
/// It stands in for NIO's asynchronous channel, its bridge to HTTP's types and its encoder of responses, between which a small request
/// spent a sixth of its time. A request whose body comes at once, as nearly all do, is handed on in one piece.
package final class ClientConnection: ChannelDuplexHandler, @unchecked Sendable {
    // `@unchecked`: everything that changes does so on the event loop.
    package typealias InboundIn = HTTPServerRequestPart
    package typealias OutboundIn = Never

    /// Bytes of a body, or of requests, that may wait to be handled before no more are read.
    private static let highWatermark = 256 << 10
    /// Parts of a body that may wait: a small one may stand in a large buffer.
    private static let maxBodyParts = 1024
    /// Parts of requests that may wait.
    private static let maxPendingParts = 64

    private enum Input {
        /// Between requests.
        case idle
        /// The parts of a request that one turn of the event loop has read so far.
        case collecting(HTTPRequestHead, ByteBuffer?)
        /// The request is being handled, and its body still comes.
        case streaming(StreamingRequestBody)
        /// The request has been answered, and nobody wants the rest of its body; with the bytes of that so far.
        case discarding(Int)
        /// All of the request has come. What comes now waits for its response.
        case complete
        /// No other request is taken.
        case closed
    }

    package let channel: any Channel
    /// The client's IP address, if it comes over a network.
    package let clientAddress: String?
    let loop: any EventLoop
    /// The memory of the request under way.
    let memory: RequestMemory
    private let registry: ConnectionRegistry
    private let metrics: ConnectionMetrics
    private let responseWriter: HTTPResponseWriter
    private var input = Input.idle {
        didSet { awaitClient() }
    }
    /// Parts of requests that came before the response to the one in front of them.
    private var pendingParts = CircularBuffer<HTTPServerRequestPart>()
    private var pendingBytes = 0
    /// A request that waits for its handler, or a handler that waits for a request: never both.
    private var request: Request?
    private var handler: CheckedContinuation<Request?, Never>?
    /// What was wrong with what came, until the client is told.
    private var failure: HTTPParserError?
    /// Whether the client waits to be asked for the body.
    private var expectsContinue = false
    private var isReadPending = false
    /// Whether the client has closed its side: no HTTP client does that before it has the response, so it is gone.
    private var isInputClosed = false
    private var lingeringClose: LingeringClose?
    /// Whether the connection ends with the response under way.
    private var isLast = false
    /// Whether the service has too many connections to take this one.
    private var isRefused = false
    private var onDisconnect: (@Sendable () -> Void)?
    private var onWritabilityChange: (@Sendable (Bool) -> Void)?
    private var deadlines: ConnectionDeadlines
    private var timer: Scheduled<Void>?
    private var timerDeadline = NIODeadline.distantFuture
    /// Whether what was read in this turn of the event loop completed any part of a request.
    private var hasReceivedPart = false
    /// Since when there has been no request, in nanoseconds of the monotonic clock; 0 while there is one. The registry reads it.
    private let idleSince = Atomic<Int64>(0)
    private let hasServed = Atomic(false)
    /// What the request under way is, for the log of a shutdown.
    private var target = ""

    init(channel: any Channel, serverName: String, timeouts: ConnectionTimeouts, registry: ConnectionRegistry, memory: RequestMemory) {
        self.channel = channel
        self.registry = registry
        self.memory = memory
        metrics = registry.metrics
        deadlines = ConnectionDeadlines(timeouts)
        clientAddress = channel.remoteAddress?.ipAddress
        loop = channel.eventLoop
        responseWriter = HTTPResponseWriter(channel: channel, serverName: serverName)
    }

    /// Runs `body` on the event loop: at once if that is where it is called.
    func onLoop(_ body: @escaping @Sendable () -> Void) {
        if loop.inEventLoop { body() } else { loop.execute(body) }
    }

    // MARK: For whoever handles the requests

    /// The next request; `nil` when none comes any more.
    func next() async -> Request? {
        await withCheckedContinuation { handler in
            onLoop { self.wait(handler) }
        }
    }

    private func wait(_ handler: CheckedContinuation<Request?, Never>) {
        if let request {
            self.request = nil
            handler.resume(returning: request)
        } else if case .closed = input {
            handler.resume(returning: nil)
        } else {
            self.handler = handler
        }
    }

    /// Writes the response to the request that was handed on last. To be called on the event loop.
    ///
    /// - Throws: when it can't be written to its end, of which the client, if it is there, has been told.
    func respond(with response: Response) async throws {
        if expectsContinue, case .streaming(let body) = input {
            // The client may send its body now or not at all: what would follow can't be told from it.
            expectsContinue = false
            isLast = true
            input = .complete
            body.finish(ChannelError.ioOnClosedChannel)
        }
        responseWriter.write(response, isLast: isLast)
        do {
            try await response.body.write(MeteredResponseBodyWriter(writer: responseWriter, memory: memory))
            guard responseWriter.isComplete else { throw ResponseFraming.ContentLengthMismatch() }
        } catch {
            abortResponse(error)
            throw error
        }
        responseEnded()
        try await responseWriter.waitUntilWritable()
    }

    /// Ends a response that can't be written to its end.
    private func abortResponse(_ error: any Error) {
        if responseWriter.isComplete { return responseEnded() }
        guard responseWriter.hasUnsentHead else { return close() }
        if let error = error as? ServiceError {
            write(ErrorResponder.response(to: error), error.jsonBytes())
        } else {
            write(Response(status: .internalServerError), [])
        }
        responseEnded()
    }

    private func responseEnded() {
        hasServed.store(true, ordering: .relaxed)
        isLast = responseWriter.finish() || isLast
        onDisconnect = nil
        onWritabilityChange = nil
        guard case .streaming(let body) = input else { return proceed() }
        guard !isLast else { return finish() }
        input = .discarding(0)
        body.finish(ChannelError.ioOnClosedChannel)
        updateReading()
    }

    /// Writes a part of the response's body, from any thread and without pendingParts; a client that has gone away gets nothing.
    package func write(_ part: ByteBuffer) {
        onLoop { try? self.responseWriter.writePart(part) }
    }

    /// Tells of the client while its request is being handled, until the response is complete or `stopObserving` is called.
    ///
    /// - Parameters:
    ///   - onDisconnect: runs when the client goes away: at most once, and at once if it has gone already.
    ///   - onWritabilityChange: runs when the connection can take no more bytes for now (`false`), or again (`true`).
    package func observe(onDisconnect: @escaping @Sendable () -> Void, onWritabilityChange: (@Sendable (Bool) -> Void)? = nil) {
        onLoop {
            self.onDisconnect = onDisconnect
            self.onWritabilityChange = onWritabilityChange
            if self.isInputClosed { self.notifyDisconnect() }
        }
    }

    package func stopObserving() {
        onLoop {
            self.onDisconnect = nil
            self.onWritabilityChange = nil
        }
    }

    /// Cuts the connection off.
    func close() { channel.close(promise: nil) }

    /// A handler waits for the body of its request.
    func bodyRequested() {
        guard expectsContinue else { return }
        expectsContinue = false
        deadlines.resumeReading(now: .now())
        responseWriter.sendContinue()
    }

    // MARK: What comes in

    private func receive(_ part: HTTPServerRequestPart) {
        switch (input, part) {
        case (.idle, .head(let head)):
            input = .collecting(head, nil)
        case (.collecting(let head, let bytes), .body(var more)):
            guard var bytes else {
                input = .collecting(head, more)
                return
            }
            // To be the only owner: else the buffer would be copied.
            input = .complete
            bytes.writeBuffer(&more)
            input = .collecting(head, bytes)
        case (.collecting(let head, let bytes), .end):
            input = .complete
            begin(head, RequestBody(buffer: bytes ?? ByteBuffer()))
        case (.streaming(let body), .body(let bytes)):
            expectsContinue = false
            deadlines.receive(bytes.readableBytes)
            body.push(bytes)
        case (.streaming(let body), .end):
            input = .complete
            body.finish()
        case (.discarding(let count), .body(let bytes)):
            deadlines.receive(bytes.readableBytes)
            input = .discarding(count + bytes.readableBytes)
            if count > LingeringClose.maxDiscardedBytes { close() }
        case (.discarding, .end):
            input = .complete
            proceed()
        case (.complete, _):
            pendingParts.append(part)
            if case .body(let bytes) = part { pendingBytes += bytes.readableBytes }
        case (.closed, .body(let bytes)):
            lingeringClose?.discard(bytes.readableBytes)
        case (.closed, _):
            lingeringClose?.discard(1)
        default:
            break
        }
    }

    /// Hands on a request of which not all has come in this turn.
    private func startStreaming() {
        guard case .collecting(let head, let bytes) = input else { return }
        let body = StreamingRequestBody(of: self)
        input = .streaming(body)
        if let bytes { body.push(bytes) }
        expectsContinue =
            bytes == nil && !head.version.isBeforeHTTP11 && head.headers.first(name: "Expect")?.lowercased() == "100-continue"
        begin(head, RequestBody(asyncSequence: body))
    }

    private func begin(_ head: HTTPRequestHead, _ body: RequestBody) {
        responseWriter.begin(to: head)
        target = head.uri
        guard let head = HTTPRequest(head) else { return refuse("the method is not a token") }
        let request = Request(head: head, body: body)
        if let handler {
            self.handler = nil
            handler.resume(returning: request)
        } else {
            self.request = request
        }
    }

    /// Goes on to the next request if one has been read and answered.
    private func proceed() {
        guard case .complete = input, !responseWriter.isInProgress else { return }
        guard !isLast else { return finish() }
        input = .idle
        while let part = pendingParts.popFirst() {
            if case .body(let bytes) = part { pendingBytes -= bytes.readableBytes }
            receive(part)
            if responseWriter.isInProgress { break }
        }
        if pendingParts.isEmpty {
            if let failure {
                self.failure = nil
                fail(failure)
            } else if isInputClosed, case .idle = input {
                finish()
            } else {
                startStreaming()
            }
        }
        updateReading()
    }

    private func fail(_ error: HTTPParserError) {
        switch input {
        case .idle, .collecting:
            responseWriter.begin(to: HTTPRequestHead(version: .http1_1, method: .GET, uri: "/"))
            refuse("\(error)", status: error == .headerOverflow ? .requestHeaderFieldsTooLarge : .badRequest)
        case .streaming(let body):
            // The handler is told, and responds.
            isLast = true
            input = .complete
            body.finish(HTTPError(.badRequest, message: "The request's body broke off: \(error)"))
        case .complete: failure = error
        case .discarding: finish()
        case .closed: break
        }
    }

    /// Responds to what isn't valid HTTP.
    private func refuse(_ reason: String, status: HTTPResponse.Status = .badRequest) {
        refuse(status: status, .badRequest, "The request isn't valid HTTP: \(reason).")
    }

    /// Responds without a handler, and ends the connection.
    private func refuse(status: HTTPResponse.Status, _ code: ErrorCode, _ message: ErrorMessage) {
        let bytes = ServiceError(code, message).jsonBytes()
        var response = Response(
            status: status, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        if status == .serviceUnavailable { response.headers[.retryAfter] = "1" }
        write(response, bytes)
        _ = responseWriter.finish()
        finish()
    }

    /// Writes a whole response, the last one of the connection.
    private func write(_ response: Response, _ body: [UInt8]) {
        responseWriter.write(response, isLast: true)
        try? responseWriter.writePart(ByteBuffer(bytes: body))
        try? responseWriter.end()
    }

    /// Takes no other request, and ends the connection when all has been sent.
    ///
    /// - Parameter isIdle: whether the client sends nothing.
    private func finish(isIdle: Bool = false) {
        stop()
        lingeringClose = lingeringClose ?? LingeringClose(responseWriter, isInputClosed: isIdle || isInputClosed)
    }

    private func stop() {
        if case .streaming(let body) = input { body.finish(ChannelError.ioOnClosedChannel) }
        input = .closed
        pendingParts.removeAll()
        pendingBytes = 0
        request = nil
        handler?.resume(returning: nil)
        handler = nil
        updateReading()
    }

    private func notifyDisconnect() {
        onDisconnect?()
        onDisconnect = nil
    }

    /// Whether what has come must be handled before more is read.
    private var isFull: Bool {
        switch input {
        case .streaming(let body): body.bufferedBytes > Self.highWatermark || body.bufferedParts > Self.maxBodyParts
        case .complete: pendingBytes > Self.highWatermark || pendingParts.count > Self.maxPendingParts
        case .idle, .collecting, .discarding, .closed: false
        }
    }

    /// Reads on if there is room again.
    func updateReading() {
        guard isReadPending, !isFull else { return }
        isReadPending = false
        deadlines.resumeReading(now: .now())
        channel.read()
    }

    // MARK: A client that makes no progress

    /// Starts to wait for what the client owes in the present state.
    private func awaitClient() {
        let awaited: ConnectionDeadlines.Awaited =
            switch input {
            case .idle: .request
            // More is on its way in this turn of the event loop.
            case .collecting, .complete, .closed: .nothing
            case .streaming, .discarding: .body
            }
        guard awaited != deadlines.awaited else { return }
        // A busy connection needs no clock.
        let now = awaited == .nothing ? .uptimeNanoseconds(0) : NIODeadline.now()
        deadlines.wait(for: awaited, now: now)
        idleSince.store(awaited == .request ? Int64(now.uptimeNanoseconds) : 0, ordering: .relaxed)
        schedule()
    }

    /// Sets the timer, unless it rings before the deadline anyway: then it is set anew when it rings. So a busy connection sets none.
    private func schedule() {
        guard deadlines.deadline < timerDeadline, channel.isActive else { return }
        timer?.cancel()
        timerDeadline = deadlines.deadline
        timer = loop.assumeIsolated().scheduleTask(deadline: timerDeadline) { self.timerFired() }
    }

    private func timerFired() {
        timer = nil
        timerDeadline = .distantFuture
        let awaited = deadlines.check(
            now: .now(), isReading: !isReadPending && !expectsContinue, unsent: responseWriter.unsentBytes)
        switch awaited {
        case .nothing: break
        case .request: end(for: .keepAliveTimeout)
        case .header:
            metrics.closed(for: .headerTimeout)
            responseWriter.begin(to: HTTPRequestHead(version: .http1_1, method: .GET, uri: "/"))
            refuse(status: .requestTimeout, .deadlineExceeded, "The request's header didn't arrive in time.")
        case .body:
            metrics.closed(for: .bodyTimeout)
            bodyTimedOut()
        case .writability:
            metrics.closed(for: .writeTimeout)
            close()
        }
        schedule()
    }

    private func bodyTimedOut() {
        guard case .streaming(let body) = input else { return finish() }
        // The handler is told, and responds.
        isLast = true
        input = .complete
        body.finish(HTTPError(.requestTimeout, message: "The request's body didn't arrive in time."))
    }

    /// Ends a connection that has no request.
    private func end(for reason: ConnectionMetrics.Reason) {
        metrics.closed(for: reason)
        finish(isIdle: true)
    }

    /// How long there has been no request; `nil` while there is one. To be called from any thread.
    var idleness: ConnectionIdleness? {
        let since = idleSince.load(ordering: .relaxed)
        return since == 0 ? nil : ConnectionIdleness(hasServed: hasServed.load(ordering: .relaxed), since: since)
    }

    /// Ends the connection unless it has a request. To be called from any thread.
    func closeIfIdle() {
        onLoop {
            if case .idle = self.input { self.end(for: .evicted) }
        }
    }

    /// Closes the connection, and logs the request that this cuts off. To be called from any thread.
    func forceClose(_ logger: Logger) {
        onLoop {
            guard self.channel.isActive else { return }
            if self.responseWriter.isInProgress {
                self.metrics.closed(for: .drained)
                let path = self.target.prefix { $0 != "?" }
                logger.warning("a request is cut off by the shutdown", metadata: ["path": "\(path.prefix(200))"])
            }
            self.close()
        }
    }

    // MARK: From the event loop

    package func handlerAdded(context: ChannelHandlerContext) {
        responseWriter.context = context
        isRefused = !registry.add(self)
        if context.channel.isActive { channelActive(context: context) }
    }

    package func channelActive(context: ChannelHandlerContext) {
        guard isRefused else { return awaitClient() }
        metrics.closed(for: .refused)
        // What is refused takes no other's place while it lingers.
        registry.remove(self)
        responseWriter.begin(to: HTTPRequestHead(version: .http1_1, method: .GET, uri: "/"))
        refuse(status: .serviceUnavailable, .temporarilyUnavailable, "The service has too many connections. Please try again.")
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        responseWriter.context = nil
        registry.remove(self)
        timer?.cancel()
        // A connection that ends before it has begun is never told inactive.
        stop()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasReceivedPart = true
        receive(unwrapInboundIn(data))
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        if !hasReceivedPart, case .idle = input, deadlines.awaited == .request {
            // What has come is the beginning of a header.
            deadlines.wait(for: .header, now: .now())
            schedule()
        }
        hasReceivedPart = false
        startStreaming()
    }

    package func read(context: ChannelHandlerContext) {
        if isFull { isReadPending = true } else { context.read() }
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if channel.isWritable {
            deadlines.cancelWriteTimeout()
        } else {
            deadlines.startWriteTimeout(unsent: responseWriter.unsentBytes, now: .now())
            schedule()
        }
        onWritabilityChange?(channel.isWritable)
        responseWriter.writabilityChanged()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as HTTPParserError:
            fail(error)
        case ByteToMessageDecoderError.dataReceivedInErrorState(_, let bytes):
            // What comes behind what was no HTTP.
            lingeringClose?.discard(bytes.readableBytes)
        case is ByteToMessageDecoderError.PayloadTooLargeError:
            // More blanks than anybody needs, or what comes behind a change of protocols that isn't made.
            fail(.headerOverflow)
        default:
            close()
        }
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent {
            isInputClosed = true
            notifyDisconnect()
            lingeringClose?.inputClosed()
            switch input {
            case .idle, .discarding: finish()
            // The parser has told of the end before, unless it had stopped at an error.
            case .streaming: fail(.invalidEOFState)
            case .collecting, .complete, .closed: break
            }
        } else if event is ChannelShouldQuiesceEvent {
            isLast = true
            switch input {
            case .idle: finish(isIdle: true)
            case .discarding: finish()
            case .collecting, .streaming, .complete, .closed: break
            }
        }
    }

    package func channelInactive(context: ChannelHandlerContext) {
        isInputClosed = true
        timer?.cancel()
        timer = nil
        notifyDisconnect()
        responseWriter.channelInactive()
        lingeringClose?.channelInactive()
        stop()
    }
}
