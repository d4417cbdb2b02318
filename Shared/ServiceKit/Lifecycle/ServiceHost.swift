internal import CoreMetrics
internal import Dispatch
internal import Glibc
internal import HTTPServer
internal import Hummingbird
package import Logging
internal import NIOCore
internal import NIOPosix
package import ServiceLifecycle
internal import Synchronization
internal import UnixSignals

/// Runs a service: serves its routes on the configured address until the process is stopped.
package struct ServiceHost {
    package let name: String
    package let logger: Logger
    package let metrics: PrometheusMetricsFactory
    package let routes: APIRoutes
    private let options: ServiceOptions
    private let defaultPort: Int
    private let memory: MemoryBudget
    private let prefix: PathPrefix?

    /// Sets up what all services share: logging, metrics, error responses and the origin guard.
    ///
    /// - Parameters:
    ///   - limits: the limits on the size of a request.
    ///   - prefix: an additional path prefix for all routes.
    package init(
        name: String, options: ServiceOptions, defaultPort: Int, limits: RequestLimits = .standard, prefix: PathPrefix? = nil
    ) {
        self.name = name
        self.prefix = prefix
        self.options = options
        self.defaultPort = defaultPort
        FileDescriptorLimit.raise()
        FileDescriptorLimit.preallocateTable()
        MallocTuning.configure()
        logger = Logger(service: name, level: options.logLevel.level, format: options.logFormat)
        metrics = PrometheusMetricsFactory(service: name)
        Self.bootstrapMetrics(metrics)
        memory = MemoryBudget(limit: options.connections.requestMemory.bytes)
        let router = Router(context: ServiceRequestContext.self, options: [.autoGenerateHeadEndpoints])
        let routes = APIRoutes(router: router)
        self.routes = routes
        router.add(
            middleware: EdgeMiddleware(
                metrics: RequestMetrics(factory: metrics), errors: ErrorResponder(routes: routes.registered),
                originGuard: options.originGuard, limits: limits))
        if let prefix { routes.registerRedirect(to: prefix) }
    }

    /// The routes, with and without the prefix.
    package var router: PrefixedRouter { PrefixedRouter(router: routes.router, prefix: prefix) }

    /// Serves until SIGTERM or SIGINT, then stops accepting connections, finishes the requests in flight, and shuts `services` down in
    /// reverse order. Also shuts them down in this order when the address can't be bound.
    ///
    /// - Parameter services: everything else that runs for as long as the service, and what it has to close (`ShutdownAction`): each is
    ///   shut down after those that follow it and after the last request, and must not end earlier.
    /// - Throws: `ListenError` when the address can't be bound or resolved.
    package func run(checks: [ReadinessCheck], services: [any ServiceLifecycle.Service] = []) async throws {
        ProbeRoutes(metrics: metrics, checks: checks).register(on: routes)
        let connectionMetrics = ConnectionMetrics()
        metrics.collect { connectionMetrics.write(to: &$0) }
        metrics.collect { [memory] in memory.write(to: &$0) }
        metrics.collect { ProcessMemory.write(to: &$0) }
        let registry = ConnectionRegistry(
            limit: options.connections.maxConnections ?? FileDescriptorLimit.defaultConnectionLimit, metrics: connectionMetrics,
            logger: logger)
        let drainTimeout = options.connections.drainTimeout.duration
        let port = try options.port(default: defaultPort)
        let server = HTTPListener(
            host: options.host, port: port,
            connections: HTTPConnectionHandler(
                serverName: name, timeouts: options.connections.timeouts, registry: registry, memory: memory,
                respond: { [logger, responder = router.buildResponder()] request, connection in
                    try await responder.respond(to: request, context: ServiceRequestContext(connection: connection, logger: logger))
                }),
            drainTimeout: drainTimeout, group: MultiThreadedEventLoopGroup.singleton, logger: logger,
            onListening: { Self.announce($0) },
            onShutdown: { [logger] in Self.endProcess(after: drainTimeout + Self.graceAfterDraining, logger) })
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: (services + [server]).map { .init(service: $0, failureTerminationBehavior: .gracefullyShutdownGroup) },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch let error as IOError {
            throw ListenError(host: options.host, port: port, error)
        } catch let error as SocketAddressError.UnknownHost {
            throw ListenError(host: options.host, port: port, error)
        }
    }

    /// Makes libraries report their metrics to the service's own. The first service of a process gets them; a test has several.
    private static func bootstrapMetrics(_ metrics: PrometheusMetricsFactory) {
        if !areMetricsBootstrapped.exchange(true, ordering: .relaxed) { MetricsSystem.bootstrap(metrics) }
    }

    private static let areMetricsBootstrapped = Atomic(false)

    /// How long a shutdown may take after draining, to finish the database's pending work.
    private static let graceAfterDraining = Duration.seconds(10)

    /// Exits if the process is still running after `limit`, because something uninterruptible hangs.
    private static func endProcess(after limit: Duration, _ logger: Logger) {
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(Int(limit.components.seconds))) {
            logger.critical("shutdown didn't finish in time; exiting", metadata: ["limit": "\(limit)"])
            exit(1)
        }
    }

    /// Prints the first line on stdout, from which scripts and the launcher read the address.
    private static func announce(_ address: SocketAddress?) {
        guard let address, let host = address.ipAddress, let port = address.port else { return }
        let name = host.contains(":") ? "[\(host)]" : host
        print("listening on http://\(name):\(port)")
        fflush(nil)
    }
}
