internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes

/// Writes the body of an answer whose head has gone out with `Transfer-Encoding: chunked`.
///
/// A part of a stream goes out as one buffer with its frame (RFC 9112, section 7.1), from the place of the encoder on: all
/// handlers before that one let it pass as it is, and the encoder would make three buffers of it. That is a tenth of what a frame costs.
/// The end of the answer goes its usual way.
struct ClientBody {
    private let channel: any Channel
    /// The encoder's place in the pipeline; `nil` where it can't be reached, as from another thread.
    private let encoder: ChannelHandlerContext?

    init(_ channel: any Channel) {
        self.channel = channel
        encoder =
            channel.eventLoop.inEventLoop ? try? channel.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self) : nil
    }

    var isWritable: Bool { channel.isWritable }

    /// Runs `body` on the client's event loop if the client can take more.
    func whenWritable(_ body: @escaping @Sendable () -> Void) {
        let channel = channel
        channel.eventLoop.execute { if channel.isWritable { body() } }
    }

    /// An empty buffer.
    func buffer() -> ByteBuffer { channel.allocator.buffer(capacity: 512) }

    func write(_ part: ByteBuffer) {
        // An empty chunk would be the end.
        guard part.readableBytes > 0 else { return }
        guard let encoder, channel.eventLoop.inEventLoop else {
            return channel.writeAndFlush(HTTPResponsePart.body(part), promise: nil)
        }
        var framed = channel.allocator.buffer(capacity: part.readableBytes + 20)
        framed.writeString(String(part.readableBytes, radix: 16))
        framed.writeStaticString("\r\n")
        framed.writeImmutableBuffer(part)
        framed.writeStaticString("\r\n")
        encoder.writeAndFlush(NIOAny(framed), promise: nil)
    }
}
