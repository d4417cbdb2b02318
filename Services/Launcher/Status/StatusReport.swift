internal import Foundation
internal import SafeText
internal import ServiceKit

/// What `unladen status` finds out about a suite: what its launcher wrote down, and what its services answer now.
package struct StatusReport: Encodable, Sendable, Equatable {
    package struct Service: Encodable, Sendable, Equatable {
        var name: String
        var url: String
        var pid: Int32?
        var up: Bool
        var ready: Bool
        /// Why it isn't ready.
        var reason: String?
        var restarts: Int
        /// What it answers to `/version`: the MLflow release whose contract it speaks.
        var version: String?
        /// Resident memory.
        var memoryBytes: Int?
    }

    var dataDir: String
    /// Whether a launcher works on the folder.
    var running: Bool
    var launcherPid: Int32?
    var launcherVersion: String?
    var startedAt: Date?
    var services: [Service]

    /// Whether all is as it should be.
    package var isHealthy: Bool { running && services.allSatisfy { $0.up && $0.ready } }

    /// Finds out about the suite of a data folder.
    package static func make(for folder: DataDirectory, probe: HealthProbe = HealthProbe()) async throws -> StatusReport {
        guard let owner = folder.owner, let state = try StateFile(in: folder).read() else {
            return StatusReport(dataDir: folder.path, running: false, services: [])
        }
        let services = await withTaskGroup { group in
            for (index, service) in state.services.enumerated() {
                group.addTask { (index, await inspect(service, probe)) }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
        return StatusReport(
            dataDir: folder.path, running: true, launcherPid: owner, launcherVersion: state.version,
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
    package var json: String {
        get throws { String(decoding: try JSONEncoder.readable.encode(self), as: UTF8.self).escapingControls(keepsLineBreaks: true) }
    }

    /// The report for people.
    package var text: String {
        guard running else { return "no unladen works on \(dataDir)".escapingControls() }
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
