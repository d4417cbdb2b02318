internal import Foundation
internal import Logging
internal import PluginHost
internal import ServiceKit
internal import Synchronization

/// The route table that requests get now, which follows the configuration file: an edit takes effect within a second, and one that
/// can't be used changes nothing but is told in the log, in `/readyz` and in a metric.
final class RoutingConfigurationWatcher: Sendable {
    private struct State {
        var table: RouteTable
        var fingerprint: FileFingerprint
        /// What is wrong with the file as it is now.
        var problem: String?
        var loads = 1
        var failures = 0
        var loadedAt: Date
    }

    let path: String
    let catalog: AdapterCatalog
    private let state: Mutex<State>
    private let logger: Logger

    /// Reads the file for the first time.
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

    /// When the file was last written, in milliseconds since 1970.
    var configuredAt: Int64 {
        let at = state.withLock { $0.fingerprint.changedAt ?? $0.loadedAt }
        return Int64(at.timeIntervalSince1970 * 1000)
    }

    /// Why the file as it is now isn't in use; `nil` when it is.
    var problem: String? { state.withLock { $0.problem } }

    static func load(_ path: String, _ catalog: AdapterCatalog, previous: RouteTable?) throws(InvalidConfiguration) -> RouteTable {
        let configuration = try ConfigurationReader(catalog: catalog).read(path)
        return try RouteTable(configuration, file: path, catalog: catalog, previous: previous)
    }

    /// Takes over what has changed in the file.
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
            logger.notice("the configuration was read anew", metadata: ["file": "\(path)", "routes": "\(new.routes.count)"])
        } catch {
            state.withLock { state in
                state.fingerprint = fingerprint
                state.problem = "\(error)"
                state.failures += 1
            }
            for problem in error.problems {
                logger.error("the configuration can't be used, so the one before stays", metadata: ["problem": "\(problem)"])
            }
        }
    }

    /// Follows the file until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(500))
            reload()
        }
    }

    func write(to text: inout PrometheusText) {
        let (problem, loads, failures, at) = state.withLock { ($0.problem, $0.loads, $0.failures, $0.loadedAt) }
        text.metric("unladen_gateway_configuration_valid", .gauge, "Whether the configuration file as it is now is in use.")
        text.sample(problem == nil ? 1 : 0)
        text.metric("unladen_gateway_configuration_loads_total", .counter, "Times that the configuration was read, by result.")
        text.sample(Double(loads), labels: [("result", "used")])
        text.sample(Double(failures), labels: [("result", "refused")])
        text.metric(
            "unladen_gateway_configuration_last_reload_success_timestamp_seconds", .gauge,
            "When the configuration in use was read, since 1970.")
        text.sample(at.timeIntervalSince1970.rounded())
    }
}
