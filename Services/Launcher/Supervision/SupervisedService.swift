internal import Foundation
package import Logging
package import ServiceKit

/// Runs one service of a suite and restarts it when it exits, until it is stopped.
package actor SupervisedService {
    /// The dependencies of supervision. Tests inject their own clock and random source.
    package struct Dependencies: Sendable {
        package var stateStore: SuiteStateStore
        package var console: Console
        package var logger: Logger
        package var probe: HealthProbe
        package var clock: any Clock<Duration>
        package var random: RandomSource

        package init(
            stateStore: SuiteStateStore, console: Console, logger: Logger, probe: HealthProbe = HealthProbe(),
            clock: any Clock<Duration> = ContinuousClock(), random: RandomSource = .system
        ) {
            self.stateStore = stateStore
            self.console = console
            self.logger = logger
            self.probe = probe
            self.clock = clock
            self.random = random
        }
    }

    /// Why the supervision of a service ended.
    package enum Outcome: Sendable {
        /// It was stopped.
        case stopped
        /// It rejected its flags or its database, so that restarting it wouldn't help.
        case misconfigured
    }

    /// The interval between readiness checks of a service that is listening.
    private static let probeInterval = Duration.milliseconds(100)

    /// The service's name.
    package nonisolated let name: String
    /// Opens when the service has exited and won't be restarted.
    package nonisolated let ended = Latch()

    private let program: Program
    private let url: String
    private let dependencies: Dependencies
    private let stopRequested = Latch()
    private var process: ChildProcess?
    private var hasListened = false

    /// - Parameter url: the service's URL, as seen from this machine.
    package init(name: String, program: Program, url: String, dependencies: Dependencies) {
        self.name = name
        self.program = program
        self.url = url
        self.dependencies = dependencies
    }

    /// Runs the service until ``stop()``, or until it rejects its configuration.
    package func run() async -> Outcome {
        defer { ended.open() }
        var backoff = RestartBackoff(random: dependencies.random)
        while !stopRequested.isOpen {
            let processRun = await runProcess()
            if stopRequested.isOpen { break }
            if processRun.end == .exited(ProcessExitStatus.misconfigured), !hasListened {
                setPhase(.stopped)
                return .misconfigured
            }
            let pause = backoff.next(healthyFor: processRun.healthyFor)
            setPhase(.waiting)
            dependencies.logger.warning("\(name) \(processRun.description); restarting it in \(pause.formattedSeconds)")
            await stopRequested.wait(atMost: pause, clock: dependencies.clock)
        }
        setPhase(.stopped)
        return .stopped
    }

    /// Sends SIGTERM to the process and doesn't restart it.
    package func stop() {
        stopRequested.open()
        if let process {
            setPhase(.stopping)
            process.terminate()
        }
    }

    /// Kills the process and its descendants, and doesn't restart it.
    package func kill() {
        stopRequested.open()
        process?.kill()
    }

    private func setPhase(_ phase: ServiceState.Phase) {
        dependencies.stateStore.update(name) { $0.phase = phase }
    }
}

// MARK: One process

extension SupervisedService {
    /// The result of running one process.
    private struct ProcessRun {
        /// How it ended; `nil` when it couldn't be started.
        var end: ProcessExitStatus?
        var description: String
        /// How long it ran if it was ever ready, otherwise zero.
        var healthyFor: Duration
    }

    /// Starts the program and waits until it exits.
    private func runProcess() async -> ProcessRun {
        let announcement = AddressAnnouncement()
        let process: ChildProcess
        do {
            process = try await ChildProcess.start(program) { [name, dependencies] output, line in
                if output == .standardOutput, announcement.parse(line) { return }
                dependencies.console.line(line, from: name)
            }
        } catch {
            dependencies.stateStore.update(name) { $0.lastEnd = "\(error)" }
            return ProcessRun(end: nil, description: "didn't start: \(error)", healthyFor: .zero)
        }
        self.process = process
        dependencies.stateStore.update(name) { state in
            state.restarts += state.startedAt == nil ? 0 : 1
            state.pid = process.pid
            state.startedAt = Date()
            state.phase = .starting
            state.reason = "it isn't listening yet"
        }
        // `stop` may have been called while the process was starting.
        if stopRequested.isOpen { stop() }

        var end: ProcessExitStatus?
        let lifetime = await dependencies.clock.measure { end = await self.awaitExit(process, announcement) }
        self.process = nil
        if announcement.received.isOpen { hasListened = true }
        let wasReady = dependencies.stateStore.services.contains { $0.name == name && $0.phase == .ready }
        let description = end.map { "\($0)" } ?? "was abandoned"
        dependencies.stateStore.update(name) { state in
            state.pid = nil
            state.lastEnd = description
            state.reason = description
        }
        return ProcessRun(end: end, description: description, healthyFor: wasReady ? lifetime : .zero)
    }

    /// Waits until a process exits, and checks its readiness meanwhile.
    private nonisolated func awaitExit(_ process: ChildProcess, _ announcement: AddressAnnouncement) async -> ProcessExitStatus? {
        await withTaskGroup { group in
            group.addTask { await self.awaitReadiness(announcement) }
            defer { group.cancelAll() }
            return await process.exit()
        }
    }

    /// Checks the service until it is ready, and records the results. Returns early when the task is cancelled.
    private nonisolated func awaitReadiness(_ announcement: AddressAnnouncement) async {
        await announcement.received.wait()
        while !Task.isCancelled {
            let readiness = await dependencies.probe.readiness(of: url)
            if Task.isCancelled { return }
            switch readiness {
            case .ready:
                return dependencies.stateStore.update(name) { state in
                    // Don't overwrite the phase of a service that is stopping.
                    if state.phase == .starting { state.phase = .ready }
                    state.reason = nil
                }
            case .notReady(let reason):
                dependencies.stateStore.update(name) { $0.reason = reason }
                try? await dependencies.clock.sleep(for: Self.probeInterval)
            }
        }
    }
}
