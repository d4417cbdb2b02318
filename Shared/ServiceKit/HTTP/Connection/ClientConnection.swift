internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
package import NIOCore
package import NIOHTTP1
internal import WireProtocol

/// A client's connection: hands on its requests one after the other, and takes their answers.
///
/// It stands in for NIO's asynchronous channel, its bridge to HTTP's types and its encoder of answers, between which a small request
/// spent a sixth of its time. A request whose body comes at once, as nearly all do, is handed on in one piece.
package final class ClientConnection: ChannelDuplexHandler, ServerChildChannelValue, @unchecked Sendable {
    // `@unchecked`: everything that changes does so on the event loop.
    package typealias InboundIn = HTTPServerRequestPart
    package typealias OutboundIn = Never

    /// Bytes of a body, or of requests, that may wait to be handled before no more are read.
    private static let highWater = 256 << 10
    /// Parts of a body that may wait: a small one may stand in a large buffer.
    private static let mostBodyParts = 1024
    /// Parts of requests that may wait.
    private static let mostParts = 64

    private enum Input {
        /// Between requests.
        case idle
        /// The parts of a request that one turn of the event loop has read so far.
        case collecting(HTTPRequestHead, ByteBuffer?)
        /// The request is being handled, and its body still comes.
        case streaming(ConnectionBody)
        /// The request has been answered, and nobody wants the rest of its body; with the bytes of that so far.
        case dropping(Int)
        /// All of the request has come. What comes now waits for its answer.
        case complete
        /// No other request is taken.
        case over
    }

    package let channel: any Channel
    /// The client's IP address, if it comes over a network.
    package let clientAddress: String?
    let loop: any EventLoop
    private let answers: AnswerWriter
    private var input = Input.idle
    /// Parts of requests that came before the answer to the one in front of them.
    private var waiting = CircularBuffer<HTTPServerRequestPart>()
    private var waitingBytes = 0
    /// A request that waits for its handler, or a handler that waits for a request: never both.
    private var request: Request?
    private var handler: CheckedContinuation<Request?, Never>?
    /// What was wrong with what came, until the client is told.
    private var failure: HTTPParserError?
    /// Whether the client waits to be asked for the body.
    private var expectsContinue = false
    private var isReadDue = false
    /// Whether the client has closed its side: no HTTP client does that before it has the answer, so it is gone.
    private var isInputClosed = false
    private var farewell: Farewell?
    /// Whether the connection ends with the answer under way.
    private var isLast = false
    private var onLeave: (@Sendable () -> Void)?
    private var onWritable: (@Sendable (Bool) -> Void)?

    init(channel: any Channel, serverName: String) {
        self.channel = channel
        clientAddress = channel.remoteAddress?.ipAddress
        loop = channel.eventLoop
        answers = AnswerWriter(channel: channel, serverName: serverName)
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
        } else if case .over = input {
            handler.resume(returning: nil)
        } else {
            self.handler = handler
        }
    }

    /// Writes the answer to the request that was handed on last. To be called on the event loop.
    ///
    /// - Throws: when it can't be written to its end, of which the client, if it is there, has been told.
    func answer(_ response: Response) async throws {
        if expectsContinue, case .streaming(let body) = input {
            // The client may send its body now or not at all: what would follow can't be told from it.
            expectsContinue = false
            isLast = true
            input = .complete
            body.finish(ChannelError.ioOnClosedChannel)
        }
        answers.write(response, isLast: isLast)
        do {
            try await response.body.write(AnswerBodyWriter(answers: answers))
            guard answers.isComplete else { throw AnswerFrame.LengthError() }
        } catch {
            breakOff()
            throw error
        }
        answered()
        try await answers.writable()
    }

    /// Ends an answer that can't be written to its end.
    private func breakOff() {
        if answers.isComplete { return answered() }
        guard answers.isUnsent else { return close() }
        answers.write(Response(status: .internalServerError), isLast: true)
        try? answers.end()
        answered()
    }

    private func answered() {
        isLast = answers.close() || isLast
        onLeave = nil
        onWritable = nil
        guard case .streaming(let body) = input else { return proceed() }
        guard !isLast else { return finish() }
        input = .dropping(0)
        body.finish(ChannelError.ioOnClosedChannel)
        updateReading()
    }

    /// Writes a part of the answer's body, from any thread and without waiting; a client that has gone away gets nothing.
    package func write(_ part: ByteBuffer) {
        onLoop { try? self.answers.put(part) }
    }

    /// Tells of the client while its request is being handled, until the answer is complete or `unwatch` is called.
    ///
    /// - Parameters:
    ///   - onLeave: runs when the client goes away: at most once, and at once if it has gone already.
    ///   - onWritable: runs when the connection can take no more bytes for now (`false`), or again (`true`).
    package func watch(onLeave: @escaping @Sendable () -> Void, onWritable: (@Sendable (Bool) -> Void)? = nil) {
        onLoop {
            self.onLeave = onLeave
            self.onWritable = onWritable
            if self.isInputClosed { self.leave() }
        }
    }

    package func unwatch() {
        onLoop {
            self.onLeave = nil
            self.onWritable = nil
        }
    }

    /// Cuts the connection off.
    func close() { channel.close(promise: nil) }

    /// A handler waits for the body of its request.
    func bodyIsWanted() {
        guard expectsContinue else { return }
        expectsContinue = false
        answers.askForBody()
    }

    // MARK: What comes in

    private func take(_ part: HTTPServerRequestPart) {
        switch (input, part) {
        case (.idle, .head(let head)):
            input = .collecting(head, nil)
        case (.collecting(let head, let bytes), .body(var more)):
            guard var bytes else {
                input = .collecting(head, more)
                return
            }
            // To be the only owner: else the buffer would be copied.
            input = .idle
            bytes.writeBuffer(&more)
            input = .collecting(head, bytes)
        case (.collecting(let head, let bytes), .end):
            input = .complete
            begin(head, RequestBody(buffer: bytes ?? ByteBuffer()))
        case (.streaming(let body), .body(let bytes)):
            expectsContinue = false
            body.push(bytes)
        case (.streaming(let body), .end):
            input = .complete
            body.finish()
        case (.dropping(let count), .body(let bytes)):
            input = .dropping(count + bytes.readableBytes)
            if count > Farewell.mostDropped { close() }
        case (.dropping, .end):
            input = .complete
            proceed()
        case (.complete, _):
            waiting.append(part)
            if case .body(let bytes) = part { waitingBytes += bytes.readableBytes }
        case (.over, .body(let bytes)):
            farewell?.drop(bytes.readableBytes)
        case (.over, _):
            farewell?.drop(1)
        default:
            break
        }
    }

    /// Hands on a request of which not all has come in this turn.
    private func stream() {
        guard case .collecting(let head, let bytes) = input else { return }
        let body = ConnectionBody(of: self)
        input = .streaming(body)
        if let bytes { body.push(bytes) }
        expectsContinue = bytes == nil && !head.version.isOld && head.headers.first(name: "Expect")?.lowercased() == "100-continue"
        begin(head, RequestBody(asyncSequence: body))
    }

    private func begin(_ head: HTTPRequestHead, _ body: RequestBody) {
        answers.begin(to: head)
        guard let head = HTTPRequest(head) else { return refuse("its method is none") }
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
        guard case .complete = input, !answers.isUnderWay else { return }
        guard !isLast else { return finish() }
        input = .idle
        while let part = waiting.popFirst() {
            if case .body(let bytes) = part { waitingBytes -= bytes.readableBytes }
            take(part)
            if answers.isUnderWay { break }
        }
        if waiting.isEmpty {
            if let failure {
                self.failure = nil
                fail(failure)
            } else if isInputClosed, case .idle = input {
                finish()
            } else {
                stream()
            }
        }
        updateReading()
    }

    private func fail(_ error: HTTPParserError) {
        switch input {
        case .idle, .collecting:
            answers.begin(to: HTTPRequestHead(version: .http1_1, method: .GET, uri: "/"))
            refuse("\(error)", status: error == .headerOverflow ? .requestHeaderFieldsTooLarge : .badRequest)
        case .streaming(let body):
            // The handler is told, and answers.
            isLast = true
            input = .complete
            body.finish(HTTPError(.badRequest, message: "The request's body broke off: \(error)"))
        case .complete: failure = error
        case .dropping: finish()
        case .over: break
        }
    }

    /// Answers what is no request.
    private func refuse(_ reason: String, status: HTTPResponse.Status = .badRequest) {
        let error = ServiceError(.badRequest, "The request isn't valid HTTP: \(reason).")
        let bytes = error.jsonBytes()
        let response = Response(
            status: status, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        answers.write(response, isLast: true)
        try? answers.put(ByteBuffer(bytes: bytes))
        try? answers.end()
        _ = answers.close()
        finish()
    }

    /// Takes no other request, and ends the connection when all has been sent.
    ///
    /// - Parameter isIdle: whether the client sends nothing.
    private func finish(isIdle: Bool = false) {
        stop()
        farewell = farewell ?? Farewell(answers, isClientDone: isIdle || isInputClosed)
    }

    private func stop() {
        if case .streaming(let body) = input { body.finish(ChannelError.ioOnClosedChannel) }
        input = .over
        waiting.removeAll()
        waitingBytes = 0
        request = nil
        handler?.resume(returning: nil)
        handler = nil
        updateReading()
    }

    private func leave() {
        onLeave?()
        onLeave = nil
    }

    /// Whether what has come must be handled before more is read.
    private var isFull: Bool {
        switch input {
        case .streaming(let body): body.waitingBytes > Self.highWater || body.waitingParts > Self.mostBodyParts
        case .complete: waitingBytes > Self.highWater || waiting.count > Self.mostParts
        case .idle, .collecting, .dropping, .over: false
        }
    }

    /// Reads on if there is room again.
    func updateReading() {
        guard isReadDue, !isFull else { return }
        isReadDue = false
        channel.read()
    }

    // MARK: From the event loop

    package func handlerAdded(context: ChannelHandlerContext) {
        answers.context = context
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        answers.context = nil
        // A connection that ends before it has begun is never told inactive.
        stop()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        take(unwrapInboundIn(data))
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        stream()
    }

    package func read(context: ChannelHandlerContext) {
        if isFull { isReadDue = true } else { context.read() }
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        onWritable?(channel.isWritable)
        answers.writabilityChanged()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as HTTPParserError:
            fail(error)
        case ByteToMessageDecoderError.dataReceivedInErrorState(_, let bytes):
            // What comes behind what was no HTTP.
            farewell?.drop(bytes.readableBytes)
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
            leave()
            farewell?.clientIsDone()
            switch input {
            case .idle, .dropping: finish()
            // The parser has told of the end before, unless it had stopped at an error.
            case .streaming: fail(.invalidEOFState)
            case .collecting, .complete, .over: break
            }
        } else if event is ChannelShouldQuiesceEvent {
            isLast = true
            switch input {
            case .idle: finish(isIdle: true)
            case .dropping: finish()
            case .collecting, .streaming, .complete, .over: break
            }
        }
    }

    package func channelInactive(context: ChannelHandlerContext) {
        isInputClosed = true
        leave()
        answers.channelInactive()
        farewell?.channelInactive()
        stop()
    }
}
