internal import AdapterHost
internal import Foundation
internal import Logging
internal import ServiceKit
internal import Synchronization

/// Provides the current route table and reloads it when the configuration file changes. An edit takes effect within a second; an
/// invalid one changes nothing and is reported in the log, in `/readyz` and in a metric.
final class RoutingConfigurationWatcher: Sendable {
    private struct State {
        var table: RouteTable
        var fingerprint: FileFingerprint
        /// The mistakes in the current version of the file.
        var problem: String?
        var loads = 1
        var failures = 0
        var loadedAt: Date
    }

    let path: String
    let catalog: AdapterCatalog
    private let state: Mutex<State>
    private let logger: Logger

    /// Loads the file.
    ///
    /// - Throws: `InvalidConfiguration`.
    init(path: String, catalog: AdapterCatalog, logger: Logger) throws(InvalidConfiguration) {
        self.path = path
        self.catalog = catalog
        self.logger = logger
        let fingerprint = FileFingerprint(path)
        let table = try Self.load(path, catalog, previous: nil)
        state = Mutex(State(table: table, fingerprint: fingerprint, loadedAt: Date()))
    }

    var current: RouteTable { state.withLock { $0.table } }

    /// When the file was last modified, in milliseconds since 1970.
    var configuredAt: Int64 {
        let at = state.withLock { $0.fingerprint.changedAt ?? $0.loadedAt }
        return Int64(at.timeIntervalSince1970 * 1000)
    }

    /// The mistakes in the current version of the file; `nil` if it is in use.
    var problem: String? { state.withLock { $0.problem } }

    /// Reads a configuration file and builds its route table.
    static func load(_ path: String, _ catalog: AdapterCatalog, previous: RouteTable?) throws(InvalidConfiguration) -> RouteTable {
        let configuration = try ConfigurationReader(catalog: catalog).read(path)
        return try RouteTable(configuration, file: path, catalog: catalog, previous: previous)
    }

    /// Reloads the file if it has changed.
    func reload() {
        let fingerprint = FileFingerprint(path)
        let (old, table) = state.withLock { ($0.fingerprint, $0.table) }
        guard fingerprint != old else { return }
        do {
            let new = try Self.load(path, catalog, previous: table)
            state.withLock { state in
                state.table = new
                state.fingerprint = fingerprint
                state.problem = nil
                state.loads += 1
                state.loadedAt = Date()
            }
            logger.notice("reloaded the configuration", metadata: ["file": "\(path)", "routes": "\(new.routes.count)"])
        } catch {
            state.withLock { state in
                state.fingerprint = fingerprint
                state.problem = "\(error)"
                state.failures += 1
            }
            for problem in error.problems {
                logger.error("the configuration is invalid; the previous one stays in use", metadata: ["problem": "\(problem)"])
            }
        }
    }

    /// Watches the file, which the initializer has just loaded.
    func periodicReload(clock: any Clock<Duration>) -> PeriodicTask {
        PeriodicTask(every: .milliseconds(500), startsImmediately: false, clock: clock) { self.reload() }
    }

    func write(to text: inout PrometheusText) {
        let (problem, loads, failures, at) = state.withLock { ($0.problem, $0.loads, $0.failures, $0.loadedAt) }
        text.metric("unladen_gateway_configuration_valid", .gauge, "Whether the current version of the configuration file is in use.")
        text.sample(problem == nil ? 1 : 0)
        text.metric("unladen_gateway_configuration_loads_total", .counter, "Loads of the configuration file by result.")
        text.sample(Double(loads), labels: [("result", "used")])
        text.sample(Double(failures), labels: [("result", "rejected")])
        text.metric(
            "unladen_gateway_configuration_last_reload_success_timestamp_seconds", .gauge,
            "When the configuration in use was loaded, in seconds since 1970.")
        text.sample(at.timeIntervalSince1970.rounded())
    }
}
