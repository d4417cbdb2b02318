internal import NIOCore

/// Sends the response to one request, with the requested faults, and counts it.
final class Playback {
    private let request: Request
    private let provider: Provider
    private let context: ChannelHandlerContext
    private let finish: (_ keepsAlive: Bool) -> Void
    private var response: Response?
    private var stream: StreamPlayback?
    private var timer: Scheduled<Void>?
    /// Whether it has been counted.
    private var isSettled = false
    private var isEndless = false

    init(_ request: Request, _ provider: Provider, _ context: ChannelHandlerContext, finish: @escaping (_ keepsAlive: Bool) -> Void) {
        self.request = request
        self.provider = provider
        self.context = context
        self.finish = finish
    }

    func start() {
        guard let (format, path) = provider.router.format(for: request.path) else {
            return send(ErrorResponse(body: Array(#"{"error": "no provider has this path"}"#.utf8)), 404)
        }
        do throws(Failure) {
            guard !request.isTooLong else { throw Failure(413, "The request is too large.") }
            let response = try format.response(request, path: path)
            self.response = response
            let directives = provider.attempts.directives(for: response)
            guard directives.delay > 0 else { return play(response, directives, format) }
            after(directives.delay) { [unowned self] in play(response, directives, format) }
        } catch {
            refuse(error, format)
        }
    }

    /// Ends the response when the connection is closed.
    func abort() {
        timer?.cancel()
        guard let response, !isSettled else { return }
        isSettled = true
        provider.counts.aborted(response.model, stream?.sent ?? Tokens())
    }

    /// Continues when the socket is writable.
    func resume() {
        if isEndless { sendHeaders() } else { stream?.resume() }
    }

    // MARK: Responses

    private func play(_ response: Response, _ directives: Directives, _ format: any ProviderFormat) {
        var directives = directives
        if directives.leaks { directives.leak = request.leak }
        if let status = directives.status, directives.errorAfter == nil {
            var failure = Failure(status, "This error of status \(status) was requested." + directives.leak)
            if let seconds = directives.retryAfter { failure.headers.append(("retry-after", seconds)) }
            if let time = directives.retryAfterMilliseconds { failure.headers.append(("retry-after-ms", time)) }
            return refuse(failure, format)
        }
        if directives.hangs { return fail {} }
        if directives.resets { return fail { reset() } }
        if directives.closes { return fail { context.close(promise: nil) } }
        if directives.isNoHTTP { return fail { sendAndClose(ByteBuffer(string: "220 mail.example.com ESMTP\r\n")) } }
        if directives.hasEndlessHeaders { return fail { startHeaders() } }
        switch response.body {
        case .whole(let body, let type): play(body, type, response, directives)
        case .stream(let pieces, let type):
            let stream = StreamPlayback(pieces, response.tokens, directives, format, context)
            stream.settle = { [unowned self] in settle(response.tokens) }
            stream.end = { [unowned self] outcome in end(outcome) }
            self.stream = stream
            stream.start(
                HTTPOutput.head(
                    200, contentType: type, length: nil, headers: response.headers, serial: request.serial,
                    keepsAlive: request.keepsAlive))
        }
    }

    private func play(_ body: [UInt8], _ type: String, _ response: Response, _ directives: Directives) {
        if directives.isGarbage {
            return fail { send(ErrorResponse(body: Array("<html>This isn't JSON \u{1}</html>".utf8)), 200) }
        }
        if directives.halvesEvent { return fail { send(ErrorResponse(body: Array(body.prefix(body.count / 2))), 200) } }
        if directives.hasWrongLength {
            var output = HTTPOutput.head(
                200, contentType: type, length: body.count + 100, serial: request.serial, keepsAlive: request.keepsAlive)
            output.writeBytes(body)
            return fail { sendAndClose(output) }
        }
        let output = HTTPOutput.whole(
            200, body, contentType: type, headers: response.headers, serial: request.serial, keepsAlive: request.keepsAlive)
        write(output) { [self] in
            settle(response.tokens)
            finish(request.keepsAlive)
        }
    }

    private func settle(_ tokens: Tokens) {
        guard let response, !isSettled else { return }
        isSettled = true
        provider.counts.completed(response.model, tokens)
    }

    private func end(_ outcome: StreamPlayback.Outcome) {
        switch outcome {
        case .whole:
            if let response { settle(response.tokens) }
            finish(request.keepsAlive)
        case .cut:
            abort()
            finish(request.keepsAlive)
        // The bytes must arrive before the end of the connection.
        case .reset: after(0.05) { [unowned self] in reset() }
        case .close: after(0.05) { [context] in context.close(promise: nil) }
        }
    }

    // MARK: Faults

    private func refuse(_ failure: Failure, _ format: any ProviderFormat) {
        fail {
            var errorResponse = format.errorResponse(failure)
            errorResponse.headers += failure.headers
            send(errorResponse, failure.status)
        }
    }

    /// Counts a fault and applies it.
    private func fail(_ fault: () -> Void) {
        if let response, !isSettled { provider.counts.failed(response.model) }
        isSettled = true
        fault()
    }

    private func send(_ errorResponse: ErrorResponse, _ status: Int) {
        let output = HTTPOutput.whole(
            status, errorResponse.body, headers: errorResponse.headers, serial: request.serial, keepsAlive: request.keepsAlive)
        write(output) { [self] in finish(request.keepsAlive) }
    }

    private func sendAndClose(_ output: ByteBuffer) {
        write(output) { [context] in context.close(promise: nil) }
    }

    private func reset() {
        // Closing a socket with SO_LINGER 0 resets the connection.
        if let channel = context.channel as? any SocketOptionProvider {
            _ = channel.unsafeSetSocketOption(level: .socket, name: .so_linger, value: Linger(isOn: 1, seconds: 0))
        }
        context.close(promise: nil)
    }

    private func startHeaders() {
        isEndless = true
        context.writeAndFlush(NIOAny(ByteBuffer(string: "HTTP/1.1 200 OK\r\n")), promise: nil)
        sendHeaders()
    }

    private func sendHeaders() {
        guard context.channel.isWritable else { return }
        let line = "x-more: " + String(repeating: "more ", count: 200) + "\r\n"
        context.writeAndFlush(NIOAny(ByteBuffer(string: line)), promise: nil)
        after(0.001) { [unowned self] in sendHeaders() }
    }

    // MARK: Event loop

    private func write(_ output: ByteBuffer, then: @escaping () -> Void) {
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenSuccess(then)
        context.writeAndFlush(NIOAny(output), promise: promise)
    }

    private func after(_ seconds: Double, _ body: @escaping () -> Void) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(seconds * 1e9)), body)
    }
}

/// The system's `struct linger`.
private struct Linger {
    var isOn: Int32
    var seconds: Int32
}
