package import Database
internal import Foundation
package import Logging
internal import PluginHost
package import ServiceKit

/// The gateway: composes its parts, registers their routes, and does what is to be done in the background.
package struct Gateway: Sendable {
    private let tables: CurrentTable
    private let ring: KeyRing
    private let accounts: Accounts
    private let usage: UsageStore
    private let metrics = GatewayMetrics()
    private let traces = TraceQueue()
    private let exporter: TraceExporter
    private let door: Door
    private let keys: KeyMaker
    private let reports: UsageReports
    private let budgets: BudgetWatch
    private let time: TimeSource
    private let logger: Logger

    /// - Parameters:
    ///   - configuration: the path of the configuration file.
    ///   - pluginFolders: where adapters are looked for.
    ///   - journalFolder: where requests are kept until they are in the database.
    ///   - isLocal: whether it is reached from this machine only: without any key it serves nobody else.
    /// - Throws: `ConfigurationError` for a configuration that can't be used, `DatabaseError`.
    package init(
        configuration: String, pluginFolders: [String], database: any Database, journalFolder: String, isLocal: Bool,
        logger: Logger, time: TimeSource = .system, random: RandomSource = .system
    ) async throws {
        let catalog = AdapterCatalog(folders: pluginFolders)
        for refused in catalog.refused {
            logger.error("an adapter is refused", metadata: ["manifest": "\(refused.manifest)", "reason": "\(refused.reason)"])
        }
        do {
            tables = try CurrentTable(path: configuration, catalog: catalog, logger: logger)
        } catch {
            throw ConfigurationError(lines: error.problems.map(\.description))
        }
        try await Self.migrate(database)
        let register = GatewayRegister(database: database)
        let identity = try await register.identity(random.hexID())
        usage = UsageStore(database: database)
        accounts = try await Accounts.open(
            register: register, store: usage, folder: JournalFolder(path: journalFolder, database: identity), time: time, logger: logger)
        let store = KeyStore(database: database)
        ring = KeyRing(store: store, time: time, logger: logger)
        try await ring.refresh()
        keys = KeyMaker(store: store, time: time)
        reports = UsageReports(database: database)
        budgets = BudgetWatch(database: database, logger: logger)
        let runner = CallRunner(
            accounts: accounts, upstream: UpstreamClient(), cache: ResponseCache(), metrics: metrics, traces: traces, random: random,
            logger: logger)
        let tables = tables
        exporter = TraceExporter(queue: traces, current: { tables.current.traces?.destination }, logger: logger)
        door = Door(tables: tables, ring: ring, runner: runner, time: time, isLocal: isLocal)
        self.time = time
        self.logger = logger
    }

    package static func migrate(_ database: any Database) async throws {
        try await database.migrate(service: "gateway", GatewaySchema.migrations)
    }

    /// Whether anybody who reaches the gateway may use it.
    package var isOpen: Bool { !tables.current.needsKeys(ring) }

    /// Whether the configuration says so itself: `require_keys: false`.
    package var isMeantToBeOpen: Bool { tables.current.configuration.requireKeys == false }

    package func register(on routes: APIRoutes, metrics serviceMetrics: ServiceMetrics) {
        OpenAIRoutes(door: door).register(on: routes)
        MLflowRoutes(door: door).register(on: routes)
        AdminRoutes(door: door, keys: keys, usage: reports).register(on: routes)
        CatalogRoutes(door: door, usage: reports, time: time).register(on: routes)
        DocsRoutes(door: door).register(on: routes)
        let (metrics, tables, accounts, budgets, traces) = (metrics, tables, accounts, budgets, traces)
        serviceMetrics.add { text in
            metrics.write(to: &text)
            budgets.write(to: &text)
            tables.write(to: &text)
            traces.write(to: &text)
            text.metric("unladen_gateway_ledger_waiting", .gauge, "Rows of the ledger that wait for the database.")
            text.sample(Double(accounts.figures.waiting))
            text.metric("unladen_gateway_ledger_lost_total", .counter, "Rows that neither journal nor database could take.")
            text.sample(Double(accounts.figures.lost))
        }
    }

    /// The configuration file as it is now is in use.
    package var configurationCheck: ReadinessCheck {
        let tables = tables
        return ReadinessCheck("configuration", isVital: false) {
            if let problem = tables.problem { throw ConfigurationError(lines: problem.split(separator: "\n").map(String.init)) }
        }
    }

    /// Follows the configuration file and the database, until the task is cancelled; then writes what is left.
    package func run() async {
        await withTaskGroup { group in
            group.addTask { await tables.run() }
            group.addTask { await ring.run() }
            group.addTask { await accounts.run() }
            group.addTask { await exporter.run() }
            group.addTask { await expiring() }
            group.addTask { await watchingBudgets() }
        }
        await accounts.close()
    }

    private func watchingBudgets() async {
        while !Task.isCancelled {
            do {
                try await budgets.look(at: tables.current.configuration.limits, second: time.now() / 1000)
            } catch {
                logger.debug("budgets can't be looked at", metadata: ["cause": "\(error)"])
            }
            try? await Task.sleep(for: .seconds(2))
        }
    }

    private func expiring() async {
        while !Task.isCancelled {
            if let age = tables.current.configuration.usageRetention {
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
