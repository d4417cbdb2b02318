import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOEmbedded

@testable import HTTPServer

extension FuzzTarget {
    static let connections = [
        FuzzTarget(name: "http") { bytes in
            var input = FuzzInput(bytes)
            let channel = EmbeddedChannel()
            let logger = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
            let setup = HTTPConnectionHandler(
                serverName: "fuzz", timeouts: ConnectionTimeouts(),
                registry: ConnectionRegistry(limit: 16, metrics: ConnectionMetrics(), logger: logger), memory: MemoryBudget(limit: 1 << 20),
                // Never called: the requests of a connection wait for a task that reads them.
                respond: { _, _ in Response(status: .ok) })
            _ = setup.setup(channel: channel)
            for piece in input.pieces() { _ = try? channel.writeInbound(ByteBuffer(bytes: piece)) }
            _ = try? channel.finish(acceptAlreadyClosed: true)
        }
    ]
}
