package import Database
internal import Glibc
internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import UnixSignals

/// A service, composed and ready to run: its routes on a listening address.
package struct Service {
    package let name: String
    package let logger: Logger
    package let metrics: ServiceMetrics
    package let routes: APIRoutes
    private let options: ServiceOptions
    private let defaultPort: Int

    /// Makes the frame that all services share: logging, metrics, error answers and protection against foreign origins.
    ///
    /// - Parameter limits: what is read of one request at most.
    package init(name: String, options: ServiceOptions, defaultPort: Int, limits: RequestLimits = .standard) {
        self.name = name
        self.options = options
        self.defaultPort = defaultPort
        OpenFiles.raiseLimit()
        OpenFiles.makeRoom()
        logger = Logger(service: name, level: options.logLevel.level, format: options.logFormat)
        metrics = ServiceMetrics(service: name)
        let router = Router(context: ServiceContext.self, options: [.autoGenerateHeadEndpoints])
        let routes = APIRoutes(router: router)
        self.routes = routes
        router.add(
            middleware: EdgeMiddleware(
                metrics: metrics, errors: ErrorResponder(paths: routes.paths), originGuard: options.originGuard,
                limits: limits))
    }

    /// Serves until SIGTERM or SIGINT: then takes no new work, finishes what is under way, and closes what `resources` names.
    package func run(database: (any Database)?, checks: [ReadinessCheck], closing resources: @Sendable () async -> Void = {})
        async throws
    {
        ProbeRoutes(metrics: metrics, database: database, checks: checks).register(on: routes)
        let server = Server(
            childChannelSetup: ConnectionChannel(responder: routes.router.buildResponder(), serverName: name),
            configuration: ServerConfiguration(
                address: .hostname(options.host, port: try options.port(default: defaultPort)), serverName: name, backlog: 1024),
            onServerRunning: { channel in Self.announce(channel.localAddress) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch let error as IOError {
            throw ConfigurationError("can't listen on \(options.host): \(error)")
        } catch let error as NIOConnectionError {
            throw ConfigurationError("can't listen on \(options.host): \(error)")
        }
        await resources()
        await database?.close()
    }

    /// The first line on stdout, which scripts and the launcher read to learn the address.
    private static func announce(_ address: SocketAddress?) {
        guard let address, let host = address.ipAddress, let port = address.port else { return }
        let name = host.contains(":") ? "[\(host)]" : host
        print("listening on http://\(name):\(port)")
        fflush(nil)
    }
}
