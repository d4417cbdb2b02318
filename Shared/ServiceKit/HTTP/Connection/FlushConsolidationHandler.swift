package import NIOCore

/// Puts off what a connection has to send to the end of the event loop's turn, so that everything of a turn is sent in a row.
///
/// To send wakes who waits for it, and that costs more than to send: a processor is interrupted, and often it is the one that
/// sends. When a loop sends in between its work, each response wakes its reader anew; in a row, the first wakes it and the others
/// find it awake. Nothing waits longer than the turn's work takes.
package final class FlushConsolidationHandler: ChannelOutboundHandler, RemovableChannelHandler {
    package typealias OutboundIn = ByteBuffer

    private var isPending = false
    private var context: ChannelHandlerContext?
    /// Made once, as it runs for each response.
    private var task: (@Sendable () -> Void)?

    package init() {}

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        task = { bound.value.flushPending() }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        task = nil
    }

    package func flush(context: ChannelHandlerContext) {
        guard !isPending else { return }
        guard let task else { return context.flush() }
        isPending = true
        // What the loop's turn has to do already comes before it.
        context.eventLoop.execute(task)
    }

    package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        flushPending()
        context.close(mode: mode, promise: promise)
    }

    private func flushPending() {
        guard isPending else { return }
        isPending = false
        context?.flush()
    }
}
