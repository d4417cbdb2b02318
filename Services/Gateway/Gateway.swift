package import Database
internal import Foundation
package import Logging
internal import PluginHost
package import ServiceKit

/// The gateway: composes its parts, registers their routes, and does what is to be done in the background.
package struct Gateway: Sendable {
    private let routing: RoutingConfigurationWatcher
    private let keyCache: APIKeyCache
    private let usageRecorder: UsageRecorder
    private let usage: UsageStore
    private let metrics = GatewayMetrics()
    private let traces = TraceQueue()
    private let exporter: TraceExporter
    private let handler: InferenceHandler
    private let keyIssuer: APIKeyIssuer
    private let reports: UsageReports
    private let budgets: BudgetMonitor
    private let time: TimeSource
    private let logger: Logger

    /// - Parameters:
    ///   - configuration: the path of the configuration file.
    ///   - pluginDirectories: where adapters are looked for.
    ///   - usageLogDirectory: where requests are kept until they are in the database.
    ///   - isLocal: whether it is reached from this machine only: without any key it serves nobody else.
    /// - Throws: `ConfigurationError` for a configuration that can't be used, `DatabaseError`.
    package init(
        configuration: String, pluginDirectories: [String], database: any Database, usageLogDirectory: String, isLocal: Bool,
        logger: Logger, time: TimeSource = .system, random: RandomSource = .system
    ) async throws {
        let catalog = AdapterCatalog(folders: pluginDirectories)
        for refused in catalog.rejected {
            logger.error("an adapter is refused", metadata: ["manifest": "\(refused.manifest)", "reason": "\(refused.reason)"])
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
            logger: logger)
        let store = APIKeyStore(database: database)
        keyCache = APIKeyCache(store: store, time: time, logger: logger)
        try await keyCache.refresh()
        keyIssuer = APIKeyIssuer(store: store, time: time)
        reports = UsageReports(database: database)
        budgets = BudgetMonitor(database: database, logger: logger)
        let pipeline = InferencePipeline(
            usageRecorder: usageRecorder, upstream: UpstreamClient(), cache: ResponseCache(), metrics: metrics, traces: traces,
            random: random, logger: logger)
        let routing = routing
        exporter = TraceExporter(queue: traces, current: { routing.current.traces?.destination }, logger: logger)
        handler = InferenceHandler(routing: routing, keyCache: keyCache, pipeline: pipeline, time: time, isLocal: isLocal)
        self.time = time
        self.logger = logger
    }

    package static func migrate(_ database: any Database) async throws {
        try await database.migrate(service: "gateway", GatewaySchema.migrations)
    }

    /// Whether anybody who reaches the gateway may use it.
    package var isOpen: Bool { !routing.current.needsKeys(keyCache) }

    /// Whether the configuration says so itself: `require_keys: false`.
    package var isExplicitlyOpen: Bool { routing.current.configuration.requireKeys == false }

    package func register(on routes: APIRoutes, metrics serviceMetrics: ServiceMetrics) {
        OpenAIRoutes(handler: handler).register(on: routes)
        MLflowRoutes(handler: handler).register(on: routes)
        AdminRoutes(handler: handler, keyIssuer: keyIssuer, usage: reports).register(on: routes)
        CatalogRoutes(handler: handler, usage: reports, time: time).register(on: routes)
        DocsRoutes(handler: handler).register(on: routes)
        let (metrics, routing, usageRecorder, budgets, traces) = (metrics, routing, usageRecorder, budgets, traces)
        serviceMetrics.add { text in
            metrics.write(to: &text)
            budgets.write(to: &text)
            routing.write(to: &text)
            traces.write(to: &text)
            text.metric("unladen_gateway_usage_rows_pending", .gauge, "Rows of the ledger that wait for the database.")
            text.sample(Double(usageRecorder.counts.pending))
            text.metric("unladen_gateway_usage_rows_lost_total", .counter, "Rows that neither usage log nor database could take.")
            text.sample(Double(usageRecorder.counts.lost))
        }
    }

    /// The configuration file as it is now is in use.
    package var configurationCheck: ReadinessCheck {
        let routing = routing
        return ReadinessCheck("configuration", isRequired: false) {
            if let problem = routing.problem { throw ConfigurationError(lines: problem.split(separator: "\n").map(String.init)) }
        }
    }

    /// Follows the configuration file and the database, until the task is cancelled; then writes what is left.
    package func run() async {
        await withTaskGroup { group in
            group.addTask { await routing.run() }
            group.addTask { await keyCache.run() }
            group.addTask { await usageRecorder.run() }
            group.addTask { await exporter.run() }
            group.addTask { await expireUsage() }
            group.addTask { await monitorBudgets() }
        }
        await usageRecorder.close()
    }

    private func monitorBudgets() async {
        while !Task.isCancelled {
            do {
                try await budgets.check(routing.current.configuration.limits, second: time.now() / 1000)
            } catch {
                logger.debug("budgets can't be checked", metadata: ["cause": "\(error)"])
            }
            try? await Task.sleep(for: .seconds(2))
        }
    }

    private func expireUsage() async {
        while !Task.isCancelled {
            if let age = routing.current.configuration.usageRetention {
                do {
                    try await usage.expire(before: time.now() - age.components.seconds * 1000)
                } catch {
                    logger.warning("old usage can't be removed", metadata: ["cause": "\(error)"])
                }
            }
            try? await Task.sleep(for: .seconds(600))
        }
    }
}
