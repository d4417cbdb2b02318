internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import ServiceKit
internal import Synchronization

/// The connections of one event loop to the providers.
final class UpstreamConnectionPool: @unchecked Sendable {
    // `@unchecked`: everything that changes does so on the event loop.

    /// Providers close what is idle for a minute or more; what we close first can't be closed under a request.
    private static let idleLimit = TimeAmount.seconds(30)
    private static let maximumIdleConnections = 256
    /// Of the headers of a response.
    private static let headerLimit = 64 << 10

    private let loop: any EventLoop
    private let tls: NIOSSLContext?
    private var idle: [Origin: [UpstreamConnection]] = [:]
    private var isSweepScheduled = false

    init(loop: any EventLoop, tls: NIOSSLContext?) {
        self.loop = loop
        self.tls = tls
    }

    /// A connection that waits for work, the last used first; `nil` if there's none.
    func idleConnection(to origin: Origin) async -> UpstreamExchange? {
        if loop.inEventLoop { return take(origin) }
        return try? await loop.submit { self.take(origin) }.get()
    }

    private func take(_ origin: Origin) -> UpstreamExchange? {
        while let connection = idle[origin]?.popLast() {
            if connection.isOpen { return connection.beginExchange() }
        }
        return nil
    }

    private func put(_ connection: UpstreamConnection) {
        guard connection.isOpen else { return }
        guard idle[connection.origin, default: []].count < Self.maximumIdleConnections else { return connection.close() }
        idle[connection.origin, default: []].append(connection)
        scheduleSweep()
    }

    private func scheduleSweep() {
        guard !isSweepScheduled else { return }
        isSweepScheduled = true
        _ = loop.scheduleTask(in: .seconds(5)) { [weak self] in self?.sweep() }
    }

    private func sweep() {
        isSweepScheduled = false
        let oldest = NIODeadline.now() - Self.idleLimit
        for (origin, connections) in idle {
            let kept = connections.filter { $0.isOpen && $0.idleSince > oldest }
            for connection in connections where connection.isOpen && connection.idleSince <= oldest { connection.close() }
            idle[origin] = kept.isEmpty ? nil : kept
        }
        if !idle.isEmpty { scheduleSweep() }
    }

    /// Opens a connection.
    func connect(to origin: Origin, timeout: TimeAmount) async throws(UpstreamFailure) -> UpstreamExchange {
        if origin.isEncrypted, tls == nil { throw .cannotConnect("TLS can't be set up on this system") }
        let (loop, tls) = (loop, tls)
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(timeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(FlushConsolidationHandler())
                    if origin.isEncrypted, let tls {
                        let name = Self.isAddress(origin.host) ? nil : origin.host
                        try pipeline.addHandler(try NIOSSLClientHandler(context: tls, serverHostname: name))
                    }
                    var limits = NIOHTTPDecoderLimitConfiguration()
                    limits.maxHeaderFieldSize = Self.headerLimit
                    limits.maxHeaderListSize = Self.headerLimit
                    // The length of the body stands in the head already.
                    var encoding = HTTPRequestEncoder.Configuration()
                    encoding.automaticallySetFramingHeaders = false
                    try pipeline.addHandler(HTTPRequestEncoder(configuration: encoding))
                    try pipeline.addHandler(
                        ByteToMessageHandler(
                            HTTPResponseDecoder(
                                leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .drop, limitConfiguration: limits)))
                    // One for each address that is tried.
                    try pipeline.addHandler(UpstreamConnection(origin: origin, loop: loop))
                }
            }
        do {
            let channel = try await bootstrap.connect(host: origin.host, port: origin.port).get()
            return try await loop.submit {
                let connection = try channel.pipeline.syncOperations.handler(type: UpstreamConnection.self)
                connection.onIdle = { [weak self] in self?.put($0) }
                return connection.beginExchange()
            }.get()
        } catch let error as ChannelError {
            if case .connectTimeout = error { throw .connectTimeout }
            throw .cannotConnect("no connection")
        } catch is NIOConnectionError {
            throw .cannotConnect("it is not known, or refuses connections")
        } catch {
            throw .cannotConnect("no connection")
        }
    }

    /// Whether a host is an address, which has no name to check and to announce.
    private static func isAddress(_ host: String) -> Bool { (try? SocketAddress(ipAddress: host, port: 0)) != nil }
}
