internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// The listening socket and how its connections are set up.
enum Server {
    static func start(on eventLoop: any EventLoop, port: Int, key: String) throws -> any Channel {
        // Every connection is served on this loop, so they share what they need without locks.
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

/// What all connections share.
final class Provider {
    let router: Router
    var counts = RequestCounters()
    var recent = RecentRequests()
    var attempts = AttemptCounter()
    private var serial = 0

    init(key: String) {
        router = Router(Credentials(key: key))
    }

    /// Numbers the requests; ids in responses are made of it.
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
