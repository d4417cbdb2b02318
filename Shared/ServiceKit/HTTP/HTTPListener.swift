internal import Hummingbird
internal import Logging
internal import NIOCore
internal import NIOExtras
internal import NIOPosix
internal import ServiceLifecycle

/// Listens on an address and serves the connections that come.
///
/// Unlike Hummingbird's server, it survives a full table of descriptors (`EMFILE`), which would end its accept loop, and its shutdown
/// ends: what isn't done when the time to drain is over is cut off, and logged.
struct HTTPListener<Responder: HTTPResponder>: ServiceLifecycle.Service where Responder.Context == ServiceRequestContext {
    /// Connections that the kernel holds until they are accepted.
    private static var backlog: Int32 { 1024 }
    /// How long no connection is accepted after the system has refused one.
    private static var acceptPause: TimeAmount { .milliseconds(100) }

    let host: String
    let port: Int
    let connections: HTTPConnectionHandler<Responder>
    let drainTimeout: Duration
    let group: any EventLoopGroup
    let logger: Logger
    /// Runs when connections are accepted, with the address.
    let onListening: @Sendable (SocketAddress?) -> Void
    /// Runs when the shutdown begins.
    let onShutdown: @Sendable () -> Void

    func run() async throws {
        let quiescing = ServerQuiescingHelper(group: group)
        let acceptBackoff = AcceptBackoff(registry: connections.registry, logger: logger, pause: Self.acceptPause)
        let server = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            // One read in a turn of the event loop: a crowd that uploads as fast as it can holds up the others less.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptBackoffHandler(shouldForwardIOErrorCaught: false) { acceptBackoff.pause(after: $0) })
                    try channel.pipeline.syncOperations.addHandler(quiescing.makeServerChannelHandler(channel: channel))
                }
            }
            .bind(host: host, port: port, serverBackPressureStrategy: nil) { connections.setup(channel: $0) }
        await withGracefulShutdownHandler {
            onListening(server.channel.localAddress)
            await serve(server)
        } onGracefulShutdown: {
            onShutdown()
            let end = group.any().makePromise(of: Void.self)
            let forceClose = group.any().scheduleTask(in: .init(drainTimeout)) { connections.registry.forceClose() }
            end.futureResult.whenComplete { _ in forceClose.cancel() }
            quiescing.initiateShutdown(promise: end)
        }
    }

    /// Serves each connection in a task of its own, until all have ended and no more are accepted.
    private func serve(_ server: NIOAsyncChannel<ClientConnection, Never>) async {
        await withDiscardingTaskGroup { tasks in
            do {
                try await server.executeThenClose { accepted in
                    for try await connection in accepted {
                        tasks.addTask { await connections.handle(connection, logger: logger) }
                    }
                }
            } catch {
                logger.error("no more connections are accepted", metadata: ["cause": "\(error)"])
            }
        }
    }
}

/// What the service does when the system refuses to accept a connection: it makes room, and tries again after a pause.
private struct AcceptBackoff: Sendable {
    let registry: ConnectionRegistry
    let logger: Logger
    let pause: TimeAmount
    private let throttle = LogThrottle(every: .seconds(10))

    init(registry: ConnectionRegistry, logger: Logger, pause: TimeAmount) {
        self.registry = registry
        self.logger = logger
        self.pause = pause
    }

    func pause(after error: IOError) -> TimeAmount? {
        registry.evictIdle()
        if throttle.allows() {
            logger.error("can't accept a connection; trying again", metadata: ["cause": "\(error)", "pause": "\(pause)"])
        }
        return pause
    }
}
