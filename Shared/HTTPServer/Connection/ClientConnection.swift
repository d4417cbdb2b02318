internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
package import NIOCore
package import NIOHTTP1
internal import Synchronization
package import WireProtocol

/// A client connection: delivers its requests one after the other and writes their responses.
///
/// Replaces NIO's asynchronous channel, its bridge to the HTTP types and its response encoder, which took a noticeable share of the time
/// of a small request. A request whose body has already arrived, as with nearly all requests, is delivered as a whole.
package final class ClientConnection: ChannelDuplexHandler, @unchecked Sendable {
    // `@unchecked`: all mutable state is confined to the event loop.
    package typealias InboundIn = HTTPServerRequestPart
    package typealias OutboundIn = Never

    /// Buffered bytes of a body, or of pipelined requests, at which reading pauses.
    private static let highWatermark = 256 << 10
    /// Buffered parts of a body at which reading pauses: a small part may occupy a large buffer.
    private static let maxBodyParts = 1024
    /// Buffered parts of pipelined requests at which reading pauses.
    private static let maxPendingParts = 64

    private enum Input {
        /// Between requests.
        case idle
        /// Collecting the parts of a request that arrive within one event loop tick.
        case collecting(HTTPRequestHead, ByteBuffer?)
        /// The request is being handled while its body is still arriving.
        case streaming(StreamingRequestBody)
        /// The response is complete and the rest of the request's body is discarded; with the number of bytes discarded so far.
        case discarding(Int)
        /// The request has arrived completely. Parts that arrive now wait for its response.
        case complete
        /// The connection accepts no more requests.
        case closed
    }

    package let channel: any Channel
    /// The client's IP address; `nil` for a connection that isn't TCP.
    package let clientAddress: String?
    let loop: any EventLoop
    /// The memory reserved by the current request.
    package let memory: RequestMemory
    /// Logs handlers that block the event loop, in a debug build.
    let monitor: EventLoopMonitor?
    private let registry: ConnectionRegistry
    private let metrics: ConnectionMetrics
    private let responseWriter: HTTPResponseWriter
    private var input = Input.idle {
        didSet { awaitClient() }
    }
    /// Parts of pipelined requests: they arrived before the previous request's response was complete.
    private var pendingParts = CircularBuffer<HTTPServerRequestPart>()
    private var pendingBytes = 0
    /// A request that waits for its handler, or a handler that waits for a request: never both.
    private var request: Request?
    private var handler: CheckedContinuation<Request?, Never>?
    /// A parser error that hasn't been reported to the client yet.
    private var failure: HTTPParserError?
    /// Whether the client waits for `100 Continue` before it sends the body.
    private var expectsContinue = false
    private var isReadPending = false
    /// Whether the client has closed its side. HTTP clients don't do that before they have the response, so it counts as disconnected.
    private var isInputClosed = false
    private var lingeringClose: LingeringClose?
    /// Whether the connection closes after the current response.
    private var isLast = false
    /// Whether the connection is rejected because the service has too many.
    private var isRejected = false
    private var onDisconnect: (@Sendable () -> Void)?
    private var onWritabilityChange: (@Sendable (Bool) -> Void)?
    private var deadlines: ConnectionDeadlines
    private var timer: Scheduled<Void>?
    private var timerDeadline = NIODeadline.distantFuture
    /// Whether the bytes read in this event loop tick completed any part of a request.
    private var hasReceivedPart = false
    /// When the connection became idle, in nanoseconds of the monotonic clock; 0 during a request. The registry reads it.
    private let idleSince = Atomic<Int64>(0)
    private let hasServed = Atomic(false)
    /// The request target of the current request, for the log line at shutdown.
    private var target = ""
    /// The format of the current request's errors: that of its route, once it has reached one.
    private var errorFormat = ErrorFormat.mlflow

    init(
        channel: any Channel, serverName: String, timeouts: ConnectionTimeouts, registry: ConnectionRegistry, memory: RequestMemory,
        monitor: EventLoopMonitor?
    ) {
        self.channel = channel
        self.registry = registry
        self.memory = memory
        self.monitor = monitor
        metrics = registry.metrics
        deadlines = ConnectionDeadlines(timeouts)
        clientAddress = channel.remoteAddress?.ipAddress
        loop = channel.eventLoop
        responseWriter = HTTPResponseWriter(channel: channel, serverName: serverName)
    }

    /// Runs `body` on the event loop: immediately when already there.
    func onLoop(_ body: @escaping @Sendable () -> Void) {
        if loop.inEventLoop { body() } else { loop.execute(body) }
    }

    // MARK: Request handling

    /// Tells which route handles the current request. Call it on the event loop.
    ///
    /// - Parameters:
    ///   - route: the route's path, for the log of a debug build.
    ///   - errorFormat: the format of an error that occurs while the response is written.
    package func willHandle(route: String, errors errorFormat: ErrorFormat) {
        self.errorFormat = errorFormat
        monitor?.willHandle(route: route)
    }

    /// The next request; `nil` when the connection accepts no more.
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

    /// Writes the response to the most recent request. Call it on the event loop.
    ///
    /// - Throws: when the response can't be completed. The client has been notified, if it is still connected.
    func respond(with response: Response) async throws {
        if expectsContinue, case .streaming(let body) = input {
            // The client may send the body now or not at all: a next request couldn't be distinguished from it.
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

    /// Ends a response that can't be completed.
    private func abortResponse(_ error: any Error) {
        if responseWriter.isComplete { return responseEnded() }
        guard responseWriter.hasUnsentHead else { return close() }
        if let error = error as? ServiceError {
            write(error, in: errorFormat)
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

    /// Writes a part of the response's body. Doesn't block and can be called from any thread; does nothing when the client is disconnected.
    package func write(_ part: ByteBuffer) {
        onLoop { try? self.responseWriter.writePart(part) }
    }

    /// Observes the client until the response is complete or `stopObserving` is called.
    ///
    /// - Parameters:
    ///   - onDisconnect: runs at most once, when the client disconnects; immediately if it already has.
    ///   - onWritabilityChange: runs when the connection stops being writable (`false`) or becomes writable again (`true`).
    package func observe(onDisconnect: @escaping @Sendable () -> Void, onWritabilityChange: (@Sendable (Bool) -> Void)? = nil) {
        onLoop {
            self.onDisconnect = onDisconnect
            self.onWritabilityChange = onWritabilityChange
            if self.isInputClosed { self.notifyDisconnect() }
        }
    }

    /// Removes the observers set by `observe`.
    package func stopObserving() {
        onLoop {
            self.onDisconnect = nil
            self.onWritabilityChange = nil
        }
    }

    /// Closes the connection immediately.
    func close() { channel.close(promise: nil) }

    /// Sends `100 Continue` if the client waits for it. Called when a handler starts to read the body.
    func bodyRequested() {
        guard expectsContinue else { return }
        expectsContinue = false
        deadlines.resumeReading(now: .now())
        responseWriter.sendContinue()
    }

    // MARK: Input

    private func receive(_ part: HTTPServerRequestPart) {
        switch (input, part) {
        case (.idle, .head(let head)):
            input = .collecting(head, nil)
        case (.collecting(let head, let bytes), .body(var more)):
            guard var bytes else {
                input = .collecting(head, more)
                return
            }
            // Release the other reference: otherwise the buffer would be copied.
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

    /// Delivers a request that didn't arrive completely within this event loop tick.
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
        errorFormat = .mlflow
        guard let head = HTTPRequest(head) else { return reject("the method is not a token") }
        let request = Request(head: head, body: body)
        if let handler {
            self.handler = nil
            handler.resume(returning: request)
        } else {
            self.request = request
        }
    }

    /// Continues with the next request once the current one and its response are complete.
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
            reject("\(error)", status: error == .headerOverflow ? .requestHeaderFieldsTooLarge : .badRequest)
        case .streaming(let body):
            // The handler gets the error and responds.
            isLast = true
            input = .complete
            body.finish(HTTPError(.badRequest, message: "The request's body is incomplete or malformed: \(error)."))
        case .complete: failure = error
        case .discarding: finish()
        case .closed: break
        }
    }

    /// Responds to invalid HTTP.
    private func reject(_ reason: String, status: HTTPResponse.Status = .badRequest) {
        reject(status: status, .badRequest, "The request isn't valid HTTP: \(reason).")
    }

    /// Responds without a handler and closes the connection.
    private func reject(status: HTTPResponse.Status, _ code: ErrorCode, _ message: ErrorMessage) {
        // In the format of most of our APIs.
        write(ServiceError(code, message, status: status.code, retryAfter: status == .serviceUnavailable ? 1 : nil), in: .mlflow)
        _ = responseWriter.finish()
        finish()
    }

    private func write(_ error: ServiceError, in format: ErrorFormat) {
        write(.error(error, in: format), format.body(of: error).jsonBytes())
    }

    /// Writes a complete response, which is the last one on the connection.
    private func write(_ response: Response, _ body: [UInt8]) {
        responseWriter.write(response, isLast: true)
        try? responseWriter.writePart(ByteBuffer(bytes: body))
        try? responseWriter.end()
    }

    /// Accepts no more requests, and closes the connection when all output has been sent.
    ///
    /// - Parameter isIdle: whether the client isn't sending anything.
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

    /// Whether buffered input must be handled before more is read.
    private var isFull: Bool {
        switch input {
        case .streaming(let body): body.bufferedBytes > Self.highWatermark || body.bufferedParts > Self.maxBodyParts
        case .complete: pendingBytes > Self.highWatermark || pendingParts.count > Self.maxPendingParts
        case .idle, .collecting, .discarding, .closed: false
        }
    }

    /// Resumes reading if there is room again.
    func updateReading() {
        guard isReadPending, !isFull else { return }
        isReadPending = false
        deadlines.resumeReading(now: .now())
        channel.read()
    }

    // MARK: Timeouts

    /// Starts the timeout for what the client has to send in the current state.
    private func awaitClient() {
        let awaited: ConnectionDeadlines.Awaited =
            switch input {
            case .idle: .request
            // More input follows in this event loop tick.
            case .collecting, .complete, .closed: .nothing
            case .streaming, .discarding: .body
            }
        guard awaited != deadlines.awaited else { return }
        // Don't read the clock for a busy connection.
        let now = awaited == .nothing ? .uptimeNanoseconds(0) : NIODeadline.now()
        deadlines.wait(for: awaited, now: now)
        idleSince.store(awaited == .request ? Int64(now.uptimeNanoseconds) : 0, ordering: .relaxed)
        schedule()
    }

    /// Schedules the timer, unless it fires before the deadline anyway; it is then rescheduled when it fires. So a busy connection rarely
    /// schedules one.
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
            reject(status: .requestTimeout, .deadlineExceeded, "The request's header didn't arrive in time.")
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
        // The handler gets the error and responds.
        isLast = true
        input = .complete
        body.finish(HTTPError(.requestTimeout, message: "The request's body didn't arrive in time."))
    }

    /// Closes an idle connection.
    private func end(for reason: ConnectionMetrics.Reason) {
        metrics.closed(for: reason)
        finish(isIdle: true)
    }

    /// How long the connection has been idle; `nil` during a request. Can be called from any thread.
    var idleness: ConnectionIdleness? {
        let since = idleSince.load(ordering: .relaxed)
        return since == 0 ? nil : ConnectionIdleness(hasServed: hasServed.load(ordering: .relaxed), since: since)
    }

    /// Closes the connection if it is idle. Can be called from any thread.
    func closeIfIdle() {
        onLoop {
            if case .idle = self.input { self.end(for: .evicted) }
        }
    }

    /// Closes the connection and logs the request that this aborts. Can be called from any thread.
    func forceClose(_ logger: Logger) {
        onLoop {
            guard self.channel.isActive else { return }
            if self.responseWriter.isInProgress {
                self.metrics.closed(for: .drained)
                let path = self.target.prefix { $0 != "?" }
                logger.warning("request aborted by shutdown", metadata: ["path": "\(path.prefix(200))"])
            }
            self.close()
        }
    }

    // MARK: ChannelDuplexHandler

    package func handlerAdded(context: ChannelHandlerContext) {
        responseWriter.context = context
        isRejected = !registry.add(self)
        if context.channel.isActive { channelActive(context: context) }
    }

    package func channelActive(context: ChannelHandlerContext) {
        guard isRejected else { return awaitClient() }
        metrics.closed(for: .refused)
        // A rejected connection doesn't count towards the limit while it lingers.
        registry.remove(self)
        responseWriter.begin(to: HTTPRequestHead(version: .http1_1, method: .GET, uri: "/"))
        reject(status: .serviceUnavailable, .temporarilyUnavailable, "The service has too many connections. Please try again.")
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        responseWriter.context = nil
        registry.remove(self)
        timer?.cancel()
        // A connection that closes before it becomes active never gets `channelInactive`.
        stop()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasReceivedPart = true
        receive(unwrapInboundIn(data))
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        if !hasReceivedPart, case .idle = input, deadlines.awaited == .request {
            // The bytes are the beginning of a header.
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
            // Bytes that follow invalid HTTP.
            lingeringClose?.discard(bytes.readableBytes)
        case is ByteToMessageDecoderError.PayloadTooLargeError:
            // Excessive whitespace, or bytes that follow an unsupported protocol upgrade.
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
            // The parser has already reported the end, unless it stopped at an error.
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
