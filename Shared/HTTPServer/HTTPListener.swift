package import Logging
package import NIOCore
internal import NIOExtras
internal import NIOPosix
internal import ServiceLifecycle

/// Listens on an address and serves the accepted connections.
///
/// Unlike Hummingbird's server, its accept loop survives running out of file descriptors (`EMFILE`), and its shutdown always ends: the
/// connections that remain after the drain timeout are closed and logged.
package struct HTTPListener: ServiceLifecycle.Service {
    /// The kernel's limit on connections that haven't been accepted yet.
    private static let backlog: Int32 = 1024
    /// How long accepting pauses after `accept` failed.
    private static let acceptPause = TimeAmount.milliseconds(100)

    private let host: String
    private let port: Int
    private let connections: HTTPConnectionHandler
    private let drainTimeout: Duration
    private let group: any EventLoopGroup
    private let logger: Logger
    private let onListening: @Sendable (SocketAddress?) -> Void
    private let onShutdown: @Sendable () -> Void

    /// - Parameters:
    ///   - drainTimeout: how long a shutdown waits for requests in flight.
    ///   - onListening: called with the bound address when the server is listening.
    ///   - onShutdown: called when the shutdown begins.
    package init(
        host: String, port: Int, connections: HTTPConnectionHandler, drainTimeout: Duration, group: any EventLoopGroup, logger: Logger,
        onListening: @escaping @Sendable (SocketAddress?) -> Void, onShutdown: @escaping @Sendable () -> Void
    ) {
        self.host = host
        self.port = port
        self.connections = connections
        self.drainTimeout = drainTimeout
        self.group = group
        self.logger = logger
        self.onListening = onListening
        self.onShutdown = onShutdown
    }

    /// - Throws: `IOError` or `SocketAddressError` when the address can't be bound or resolved.
    package func run() async throws {
        let quiescing = ServerQuiescingHelper(group: group)
        let acceptBackoff = AcceptBackoff(registry: connections.registry, logger: logger, pause: Self.acceptPause)
        let server = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            // One read per event loop tick, so that many fast uploads delay other connections less.
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

    /// Serves each connection in its own task, until no more are accepted and all have closed.
    private func serve(_ server: NIOAsyncChannel<ClientConnection, Never>) async {
        await withDiscardingTaskGroup { tasks in
            do {
                try await server.executeThenClose { accepted in
                    for try await connection in accepted {
                        tasks.addTask { await connections.handle(connection, logger: logger) }
                    }
                }
            } catch {
                logger.error("accept loop failed; no more connections are accepted", metadata: ["cause": "\(error)"])
            }
        }
    }
}

/// Handles a failure of `accept`: closes idle connections to make room and retries after a pause.
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
            logger.error("can't accept a connection; retrying", metadata: ["cause": "\(error)", "pause": "\(pause)"])
        }
        return pause
    }
}
