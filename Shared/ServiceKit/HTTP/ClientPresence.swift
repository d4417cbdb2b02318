package import NIOCore
package import NIOHTTPTypes

/// Tells when the client of a connection goes away while its request is being handled.
///
/// A client that has closed its side is gone: no HTTP client closes it before it has the answer.
package final class ClientPresence: ChannelInboundHandler, RemovableChannelHandler, @unchecked Sendable {
    // `@unchecked`: everything that changes does so on the event loop.
    package typealias InboundIn = HTTPRequestPart

    private var isGone = false
    private var onLeave: (@Sendable () -> Void)?
    private var onWritable: (@Sendable (Bool) -> Void)?

    init() {}

    /// Watches the client until `stop` is called.
    ///
    /// - Parameters:
    ///   - onLeave: runs when the client goes away: at most once, and at once if it has gone already.
    ///   - onWritable: runs when the connection can take no more bytes for now (`false`), or again (`true`).
    /// - Returns: `nil` without a connection, as in tests.
    package static func watch(
        _ context: ServiceContext, onLeave: @escaping @Sendable () -> Void, onWritable: (@Sendable (Bool) -> Void)? = nil
    ) async -> ClientPresence? {
        let presence = try? await of(context)
        presence?.set(onLeave, onWritable, context)
        return presence
    }

    package func stop(_ context: ServiceContext) { set(nil, nil, context) }

    private static func of(_ context: ServiceContext) async throws -> ClientPresence {
        let pipeline = context.channel.pipeline
        if context.channel.eventLoop.inEventLoop { return try pipeline.syncOperations.handler(type: ClientPresence.self) }
        return try await pipeline.handler(type: ClientPresence.self).get()
    }

    private func set(_ onLeave: (@Sendable () -> Void)?, _ onWritable: (@Sendable (Bool) -> Void)?, _ context: ServiceContext) {
        let loop = context.channel.eventLoop
        guard loop.inEventLoop else { return loop.execute { self.set(onLeave, onWritable) } }
        set(onLeave, onWritable)
    }

    private func set(_ onLeave: (@Sendable () -> Void)?, _ onWritable: (@Sendable (Bool) -> Void)?) {
        self.onLeave = onLeave
        self.onWritable = onWritable
        if isGone { leave() }
    }

    private func leave() {
        isGone = true
        onLeave?()
        onLeave = nil
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { leave() }
        context.fireUserInboundEventTriggered(event)
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        onWritable?(context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }
}
