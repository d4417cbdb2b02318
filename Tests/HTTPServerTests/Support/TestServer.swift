import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

@testable import HTTPServer

/// A server with our connection handler, on its own port.
struct TestServer: Sendable {
    let port: Int
    private let group: ServiceGroup
    private let hasEnded: Flag

    /// Whether it is serving or draining.
    var isRunning: Bool { !hasEnded.value.load(ordering: .acquiring) }

    private final class Flag: Sendable {
        let value = Atomic(false)
    }

    func client() throws -> RawClient { try RawClient(port: port) }

    /// Starts a graceful shutdown.
    func shutDown() async { await group.triggerGracefulShutdown() }

    /// The limits of a server.
    struct Limits: Sendable {
        var timeouts = ConnectionTimeouts()
        var connections = 1000
        var memory = 256 << 20
        var drain = Duration.seconds(60)
    }

    /// A logger that discards everything.
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Runs `client` on a thread, with a server that responds with `handler`.
    static func run(
        _ handler: @escaping @Sendable (Request, ClientConnection) async throws -> Response, limits: Limits = Limits(),
        logger: Logger = quiet, _ client: @escaping @Sendable (TestServer) throws -> Void
    ) async throws {
        let (started, start) = AsyncStream<Int>.makeStream()
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let registry = ConnectionRegistry(limit: limits.connections, metrics: ConnectionMetrics(), logger: logger)
        let server = HTTPListener(
            host: "127.0.0.1", port: 0,
            connections: HTTPConnectionHandler(
                serverName: "test", timeouts: limits.timeouts, registry: registry, memory: MemoryBudget(limit: limits.memory),
                respond: handler),
            drainTimeout: limits.drain, group: loops, logger: logger, onListening: { start.yield($0?.port ?? 0) },
            onShutdown: {})
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            let hasEnded = Flag()
            tasks.addTask {
                try await group.run()
                hasEnded.value.store(true, ordering: .releasing)
            }
            for await port in started {
                let server = TestServer(port: port, group: group, hasEnded: hasEnded)
                defer { start.finish() }
                try await withCheckedThrowingContinuation { done in
                    Thread.detachNewThread { done.resume(with: Result { try client(server) }) }
                }
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        try await loops.shutdownGracefully()
    }
}

extension Request {
    func text() async throws -> String { String(buffer: try await body.collect(upTo: 64 << 20)) }
}

extension Response {
    static func plain(_ text: String) -> Response {
        Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
