package import NIOCore

/// Puts off what a connection has to send to the end of the event loop's turn, so that everything of a turn is sent in a row.
///
/// To send wakes who waits for it, and that costs more than to send: a processor is interrupted, and often it is the one that
/// sends. When a loop sends in between its work, each answer wakes its reader anew; in a row, the first wakes it and the others
/// find it awake. Nothing waits longer than the turn's work takes.
package final class TurnFlush: ChannelOutboundHandler, RemovableChannelHandler {
    package typealias OutboundIn = ByteBuffer

    private var isPending = false

    package init() {}

    package func flush(context: ChannelHandlerContext) {
        guard !isPending else { return }
        isPending = true
        // What the loop's turn has to do already comes before it.
        context.eventLoop.assumeIsolated().execute { self.flushPending(context) }
    }

    package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        flushPending(context)
        context.close(mode: mode, promise: promise)
    }

    package func handlerRemoved(context: ChannelHandlerContext) { isPending = false }

    private func flushPending(_ context: ChannelHandlerContext) {
        guard isPending else { return }
        isPending = false
        context.flush()
    }
}
