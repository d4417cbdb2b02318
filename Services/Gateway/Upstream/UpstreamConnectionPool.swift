internal import HTTPServer
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// The connections to providers on one event loop.
final class UpstreamConnectionPool: @unchecked Sendable {
    // `@unchecked`: mutable state is only accessed on the event loop.

    /// Providers close connections that are idle for a minute or more. Closing them earlier avoids losing a request to that.
    private static let idleLimit = TimeAmount.seconds(30)
    private static let maximumIdleConnections = 256
    /// The maximum size of response headers, in bytes.
    private static let headerLimit = 64 << 10

    private let loop: any EventLoop
    private let tls: NIOSSLContext?
    private var idle: [Origin: [UpstreamConnection]] = [:]
    private var isSweepScheduled = false

    init(loop: any EventLoop, tls: NIOSSLContext?) {
        self.loop = loop
        self.tls = tls
    }

    /// An exchange on an idle connection, the most recently used first; `nil` if there is none.
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

    /// Opens a connection and begins an exchange on it.
    func connect(to origin: Origin, timeout: TimeAmount) async throws(UpstreamFailure) -> UpstreamExchange {
        if origin.isEncrypted, tls == nil { throw .cannotConnect("TLS is not available on this system") }
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
                    // The head already has a Content-Length.
                    var encoding = HTTPRequestEncoder.Configuration()
                    encoding.automaticallySetFramingHeaders = false
                    try pipeline.addHandler(HTTPRequestEncoder(configuration: encoding))
                    try pipeline.addHandler(
                        ByteToMessageHandler(
                            HTTPResponseDecoder(
                                leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .drop, limitConfiguration: limits)))
                    // The initializer runs for each address that is tried.
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
            throw .cannotConnect("the connection failed")
        } catch is NIOConnectionError {
            throw .cannotConnect("unknown host or connection refused")
        } catch {
            throw .cannotConnect("the connection failed")
        }
    }

    /// Whether a host is an IP address, which has no name for SNI and certificate verification.
    private static func isAddress(_ host: String) -> Bool { (try? SocketAddress(ipAddress: host, port: 0)) != nil }
}
