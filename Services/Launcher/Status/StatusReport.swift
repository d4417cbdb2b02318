internal import Foundation
internal import SafeText
internal import ServiceKit

/// The output of `unladen status`: the state that the launcher saved, combined with the current responses of the services.
package struct StatusReport: Encodable, Sendable, Equatable {
    /// The status of one service.
    package struct Service: Encodable, Sendable, Equatable {
        var name: String
        var url: String
        var pid: Int32?
        var up: Bool
        var ready: Bool
        /// Why it isn't ready.
        var reason: String?
        var restarts: Int
        /// The response of `/version`: the MLflow release whose contract the service implements.
        var version: String?
        /// The resident memory in bytes.
        var memoryBytes: Int?
    }

    var dataDir: String
    /// Whether a launcher is running on the data directory.
    var running: Bool
    var launcherPid: Int32?
    var launcherVersion: String?
    var startedAt: Date?
    var services: [Service]

    /// Whether the suite is running and all services are up and ready.
    package var isHealthy: Bool { running && services.allSatisfy { $0.up && $0.ready } }

    /// Creates the report for the suite of a data directory.
    package static func make(for directory: DataDirectory, probe: HealthProbe = HealthProbe()) async throws -> StatusReport {
        guard let owner = directory.owner, let state = try StateFile(in: directory).read() else {
            return StatusReport(dataDir: directory.path, running: false, services: [])
        }
        let services = await withTaskGroup { group in
            for (index, service) in state.services.enumerated() {
                group.addTask { (index, await inspect(service, probe)) }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
        return StatusReport(
            dataDir: directory.path, running: true, launcherPid: owner, launcherVersion: state.version,
            startedAt: state.startedAt, services: services)
    }

    private static func inspect(_ service: ServiceState, _ probe: HealthProbe) async -> Service {
        let memory = service.pid.flatMap { ProcessMemory.of(pid: $0) }
        var report = Service(
            name: service.name, url: service.url, pid: service.pid, up: memory != nil, ready: false,
            reason: service.reason, restarts: service.restarts, memoryBytes: memory?.resident)
        guard report.up else { return report }
        async let version = probe.version(of: service.url)
        switch await probe.readiness(of: service.url) {
        case .ready:
            report.ready = true
            report.reason = nil
        case .notReady(let reason):
            report.reason = reason
        }
        report.version = await version
        return report
    }
}

extension StatusReport {
    /// The report as JSON.
    package var json: String {
        get throws { String(decoding: try JSONEncoder.readable.encode(self), as: UTF8.self).escapingControls(keepsLineBreaks: true) }
    }

    /// The report as a table.
    package var text: String {
        guard running else { return "No suite is running on \(dataDir).".escapingControls() }
        var table = TextTable(
            ["service", "address", "pid", "up", "ready", "restarts", "version", "memory"], rightAligned: [2, 5, 7])
        for service in services {
            table.add([
                service.name, service.url, service.pid.map(String.init) ?? "-", service.up ? "up" : "down",
                service.ready ? "yes" : "no: \(service.reason ?? "unknown")", String(service.restarts),
                service.version ?? "-", service.memoryBytes.map(\.formattedBytes) ?? "-",
            ])
        }
        return table.description
    }
}
