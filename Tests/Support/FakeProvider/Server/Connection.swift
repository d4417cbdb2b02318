internal import JSON
internal import NIOCore
internal import NIOHTTP1

/// Serves a connection: collects each request, sends its response, and continues with the next.
final class Connection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private static let maximumBody = 64 << 20
    /// The maximum number of pipelined requests.
    private static let maximumWaiting = 1000

    private let provider: Provider
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var isTooLong = false
    /// Pipelined requests.
    private var waiting = CircularBuffer<Request>()
    /// The response in progress.
    private var playback: Playback?

    init(_ provider: Provider) {
        self.provider = provider
    }

    func channelActive(context: ChannelHandlerContext) {
        provider.counts.connections += 1
        provider.counts.openConnections += 1
    }

    func channelInactive(context: ChannelHandlerContext) {
        provider.counts.openConnections -= 1
        playback?.abort()
        playback = nil
        waiting.removeAll()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = ByteBuffer()
            isTooLong = false
            if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
            }
        case .body(var part):
            if body.readableBytes + part.readableBytes > Self.maximumBody {
                isTooLong = true
            } else if body.readableBytes == 0 {
                body = part
            } else {
                body.writeBuffer(&part)
            }
        case .end:
            guard let head else { return }
            self.head = nil
            let request = Request(serial: provider.nextSerial(), head: head, body: body, isTooLong: isTooLong)
            guard playback == nil else {
                guard waiting.count < Self.maximumWaiting else { return context.close(promise: nil) }
                return waiting.append(request)
            }
            serve(request, context)
        }
    }

    private func serve(_ request: Request, _ context: ChannelHandlerContext) {
        if request.path.hasPrefix(ControlAPI.prefix) {
            let (status, json) = ControlAPI.response(request, provider)
            let output = HTTPOutput.whole(status, json.jsonBytes(), serial: request.serial, keepsAlive: request.keepsAlive)
            context.writeAndFlush(wrapOutboundOut(output), promise: nil)
            return finish(keepsAlive: request.keepsAlive, context)
        }
        provider.counts.requests += 1
        provider.recent.add(request)
        let playback = Playback(request, provider, context) { [unowned self] keepsAlive in finish(keepsAlive: keepsAlive, context) }
        self.playback = playback
        playback.start()
    }

    /// Continues after a response has been sent.
    private func finish(keepsAlive: Bool, _ context: ChannelHandlerContext) {
        playback = nil
        guard keepsAlive else { return context.close(promise: nil) }
        if let next = waiting.popFirst() { serve(next, context) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { playback?.resume() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Invalid HTTP gets a response; broken connections don't.
        if error is HTTPParserError {
            context.writeAndFlush(wrapOutboundOut(HTTPOutput.notHTTP), promise: nil)
        }
        context.close(promise: nil)
    }
}
