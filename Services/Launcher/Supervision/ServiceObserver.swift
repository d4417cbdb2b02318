internal import Foundation
internal import Logging
internal import ProcessKit
internal import ServiceKit
internal import Synchronization

/// Records the state of a supervised service and forwards the lines that it prints.
final class ServiceObserver: ProcessObserver {
    /// The interval between readiness checks of a service that is listening.
    private static let probeInterval = Duration.milliseconds(100)

    private let name: String
    private let url: String
    private let dependencies: SupervisedService.Dependencies
    /// The announcement of the current process.
    private let announcement = Mutex(AddressAnnouncement())
    /// Whether any process of the service has listened.
    private let hasListened = Atomic(false)

    init(name: String, url: String, dependencies: SupervisedService.Dependencies) {
        self.name = name
        self.url = url
        self.dependencies = dependencies
    }

    func willStart() -> ChildProcess.LineHandler {
        let announcement = AddressAnnouncement()
        self.announcement.withLock { $0 = announcement }
        return { [name, dependencies] output, line in
            if output == .standardOutput, announcement.parse(line) { return }
            dependencies.console.line(line, from: name)
        }
    }

    func started(_ process: ChildProcess) {
        update { state in
            state.restarts += state.startedAt == nil ? 0 : 1
            state.pid = process.pid
            state.startedAt = Date()
            state.phase = .starting
            state.reason = "it isn't listening yet"
        }
    }

    /// Checks the service until it is ready, and records the results.
    func watch(_ process: ChildProcess) async {
        await announcement.withLock { $0 }.received.wait()
        while !Task.isCancelled {
            let readiness = await dependencies.probe.readiness(of: url)
            if Task.isCancelled { return }
            switch readiness {
            case .ready:
                return update { state in
                    // Don't overwrite the phase of a service that is stopping.
                    if state.phase == .starting { state.phase = .ready }
                    state.reason = nil
                }
            case .notReady(let reason):
                update { $0.reason = reason }
                try? await dependencies.clock.sleep(for: Self.probeInterval)
            }
        }
    }

    func ended(_ run: SupervisedRun) -> NextStep {
        guard case .ended(let status, let lifetime) = run else {
            if case .notStarted(let error) = run { update { $0.lastEnd = "\(error)" } }
            return .restart(healthyFor: .zero)
        }
        if announcement.withLock({ $0 }).received.isOpen { hasListened.store(true, ordering: .relaxed) }
        let wasReady = dependencies.stateStore.services.contains { $0.name == name && $0.phase == .ready }
        update { state in
            state.pid = nil
            state.lastEnd = run.description
            state.reason = run.description
        }
        // It rejected its configuration, so restarting it wouldn't help.
        if status == .exited(Executable.misconfigured), !hasListened.load(ordering: .relaxed) { return .abandon }
        return .restart(healthyFor: wasReady ? lifetime : .zero)
    }

    func willRestart(after pause: Duration, because run: SupervisedRun) {
        update { $0.phase = .waiting }
        dependencies.logger.warning("\(name) \(run); restarting it in \(pause.formattedSeconds)")
    }

    func willStop() { update { $0.phase = .stopping } }

    private func update(_ change: (inout ServiceState) -> Void) { dependencies.stateStore.update(name, change) }
}
