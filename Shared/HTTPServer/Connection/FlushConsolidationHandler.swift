package import NIOCore

/// Defers a connection's flushes to the end of the event loop tick, so that the output of all connections is sent back to back.
///
/// Sending wakes the reader, and the wake-up costs more than sending: it interrupts a processor, often the one that sends. If the event
/// loop sent in the middle of its work, each response would wake its reader again; sent back to back, only the first one does. The delay
/// is bounded by the work of one tick.
package final class FlushConsolidationHandler: ChannelOutboundHandler, RemovableChannelHandler {
    package typealias OutboundIn = ByteBuffer

    private var isPending = false
    private var context: ChannelHandlerContext?
    /// Created once because it runs for each response.
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
        // It runs after all work already scheduled for this tick.
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
