internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Listens on a socket and sets up its connections.
enum Server {
    static func start(on eventLoop: any EventLoop, port: Int, key: String) throws -> any Channel {
        // All connections are served on this event loop, so they share state without locks.
        let provider = NIOLoopBoundBox.makeBoxSendingValue(Provider(key: key), eventLoop: eventLoop)
        return try ServerBootstrap(group: eventLoop)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
                    try pipeline.addHandler(Connection(provider.value))
                }
            }
            .bind(host: "127.0.0.1", port: port).wait()
    }
}

/// The state shared by all connections.
final class Provider {
    let router: Router
    var counts = RequestCounters()
    var recent = RecentRequests()
    var attempts = AttemptCounter()
    private var serial = 0

    init(key: String) {
        router = Router(Credentials(key: key))
    }

    /// The next request number, from which the IDs in a response are derived.
    func nextSerial() -> Int {
        serial += 1
        return serial
    }

    func reset() {
        counts.reset()
        recent = RecentRequests()
        attempts = AttemptCounter()
    }
}
