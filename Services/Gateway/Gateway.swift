internal import AdapterHost
package import Database
internal import Foundation
package import Logging
internal import PluginHost
internal import Primitives
// Converts errors of the database for clients.
internal import ServiceDatabase
package import ServiceKit
internal import ServiceLifecycle

/// The gateway service: composes its parts, registers their routes, and runs the background work.
package struct Gateway: ServiceLifecycle.Service {
    private let routing: RoutingConfigurationWatcher
    private let keyCache: APIKeyCache
    private let usageRecorder: UsageRecorder
    private let usage: UsageStore
    private let metrics: PrometheusMetricsFactory
    private let traces = TraceQueue()
    private let exporter: TraceExporter
    private let handler: InferenceHandler
    private let keyIssuer: APIKeyIssuer
    private let reports: UsageReports
    private let budgets: BudgetMonitor
    private let time: TimeSource
    private let clock: any Clock<Duration>
    private let logger: Logger

    /// - Parameters:
    ///   - configuration: the path of the configuration file.
    ///   - pluginDirectories: the directories to search for adapters.
    ///   - usageLogDirectory: the directory of the usage log, which holds requests until they are in the database.
    ///   - isLocal: whether the gateway only listens on this machine. Otherwise it rejects requests while no keys are configured, unless
    ///     the configuration sets `require_keys: false`.
    ///   - metrics: the service's metrics, to which the gateway adds its own.
    ///   - clock: measures the pauses of the background work.
    /// - Throws: `ConfigurationError` for an invalid configuration, `DatabaseError`.
    package init(
        configuration: String, pluginDirectories: [String], database: any Database, usageLogDirectory: String, isLocal: Bool,
        metrics: PrometheusMetricsFactory, logger: Logger, time: TimeSource = .system, clock: any Clock<Duration> = ContinuousClock(),
        random: RandomSource = .system
    ) async throws {
        let catalog = AdapterCatalog(directories: pluginDirectories)
        for adapter in catalog.rejected {
            logger.error("adapter rejected", metadata: ["manifest": "\(adapter.manifest)", "reason": "\(adapter.reason)"])
        }
        do {
            routing = try RoutingConfigurationWatcher(path: configuration, catalog: catalog, logger: logger)
        } catch {
            throw ConfigurationError(lines: error.problems.map(\.description))
        }
        try await Self.migrate(database)
        let replicas = ReplicaStore(database: database)
        let identity = try await replicas.identity(random.hexID())
        usage = UsageStore(database: database)
        usageRecorder = try await UsageRecorder.open(
            replicas: replicas, store: usage, directory: UsageLogDirectory(path: usageLogDirectory, database: identity), time: time,
            clock: clock, logger: logger)
        let store = APIKeyStore(database: database)
        keyCache = APIKeyCache(store: store, time: time, logger: logger)
        try await keyCache.refresh()
        keyIssuer = APIKeyIssuer(store: store, time: time)
        reports = UsageReports(database: database)
        budgets = BudgetMonitor(database: database, logger: logger)
        let pipeline = InferencePipeline(
            usageRecorder: usageRecorder, upstream: UpstreamClient(), cache: ResponseCache(),
            metrics: GatewayMetrics(factory: metrics), traces: traces, random: random, logger: logger)
        let routing = routing
        exporter = TraceExporter(queue: traces, current: { routing.current.traces?.destination }, clock: clock, logger: logger)
        handler = InferenceHandler(routing: routing, keyCache: keyCache, pipeline: pipeline, time: time, isLocal: isLocal)
        self.metrics = metrics
        self.time = time
        self.clock = clock
        self.logger = logger
    }

    /// Brings the gateway's database schema up to date.
    package static func migrate(_ database: any Database) async throws {
        try await database.migrate(service: "gateway", GatewaySchema.migrations)
    }

    /// Whether clients may use the gateway without a key.
    package var isOpen: Bool { !routing.current.needsKeys(keyCache) }

    /// Whether the configuration explicitly sets `require_keys: false`.
    package var isExplicitlyOpen: Bool { routing.current.configuration.requireKeys == false }

    /// Registers all routes and metrics of the gateway.
    package func register(on routes: APIRoutes) {
        OpenAIRoutes(handler: handler).register(on: routes)
        MLflowRoutes(handler: handler).register(on: routes)
        AdminRoutes(handler: handler, keyIssuer: keyIssuer, usage: reports).register(on: routes)
        CatalogRoutes(handler: handler, usage: reports, time: time).register(on: routes)
        DocsRoutes(handler: handler).register(on: routes)
        let (routing, usageRecorder, budgets, traces) = (routing, usageRecorder, budgets, traces)
        metrics.collect { text in
            budgets.write(to: &text)
            routing.write(to: &text)
            traces.write(to: &text)
            text.metric("unladen_gateway_usage_rows_pending", .gauge, "Ledger rows waiting to be written to the database.")
            text.sample(Double(usageRecorder.counts.pending))
            text.metric(
                "unladen_gateway_usage_rows_lost_total", .counter, "Ledger rows that neither the usage log nor the database could store.")
            text.sample(Double(usageRecorder.counts.lost))
        }
    }

    /// Fails while the current configuration file is invalid and the gateway keeps using the previous one.
    package var configurationCheck: ReadinessCheck {
        let routing = routing
        return ReadinessCheck("configuration", isRequired: false) {
            if let problem = routing.problem { throw ConfigurationError(lines: problem.split(separator: "\n").map(String.init)) }
        }
    }

    /// Does the background work until the service group shuts down, then writes all remaining usage.
    ///
    /// The parts of the work aren't services of the host's group, because it would stop them one after the other, and each may wait for
    /// a database that doesn't respond.
    package func run() async {
        await withTaskGroup { group in
            for task in [routing.periodicReload(clock: clock), keyCache.periodicRefresh(clock: clock), usageRetention, budgetChecks] {
                group.addTask { await task.run() }
            }
            group.addTask { await exporter.run() }
            group.addTask { await usageRecorder.run() }
        }
        await usageRecorder.close()
    }

    private var budgetChecks: PeriodicTask {
        PeriodicTask(every: .seconds(2), failureLog: FailureLog(logger, .debug, "failed to check budgets"), clock: clock) {
            try await budgets.check(routing.current.configuration.limits, second: time.now().seconds)
        }
    }

    private var usageRetention: PeriodicTask {
        let failureLog = FailureLog(logger, .warning, "failed to delete expired usage")
        return PeriodicTask(every: .seconds(600), jitter: 0.1, failureLog: failureLog, clock: clock) {
            guard let age = routing.current.configuration.usageRetention else { return }
            try await usage.expire(before: time.now() - age)
        }
    }
}
