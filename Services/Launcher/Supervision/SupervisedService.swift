internal import Foundation
package import Logging
package import ServiceKit

/// One service of a suite: started, watched, and started again when it dies, until it is told to stop.
package actor SupervisedService {
    /// What services need to be supervised; tests hand in clocks and chance of their own.
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

    /// Why a service isn't supervised any more.
    package enum Outcome: Sendable {
        /// It was told to stop.
        case stopped
        /// It refuses its flags or its database, so that starting it again would not help.
        case misconfigured
    }

    /// How often a service that listens is asked whether it is ready.
    private static let probeInterval = Duration.milliseconds(100)

    package nonisolated let name: String
    /// Opens when the service has ended for good.
    package nonisolated let ended = Latch()

    private let program: Program
    private let url: String
    private let dependencies: Dependencies
    private let stopRequested = Latch()
    private var process: ChildProcess?
    private var hasListened = false

    /// - Parameter url: where the service will listen, as seen from this machine.
    package init(name: String, program: Program, url: String, dependencies: Dependencies) {
        self.name = name
        self.program = program
        self.url = url
        self.dependencies = dependencies
    }

    /// Runs the service until ``stop()``, or until it is clear that it can't run.
    package func run() async -> Outcome {
        defer { ended.open() }
        var backoff = RestartBackoff(random: dependencies.random)
        while !stopRequested.isOpen {
            let processRun = await runProcess()
            if stopRequested.isOpen { break }
            if processRun.end == .exited(ExitStatus.misconfigured), !hasListened {
                setPhase(.stopped)
                return .misconfigured
            }
            let pause = backoff.next(healthyFor: processRun.healthyFor)
            setPhase(.waiting)
            dependencies.logger.warning("\(name) \(processRun.description); starting it again in \(pause.formattedSeconds)")
            await stopRequested.wait(atMost: pause, clock: dependencies.clock)
        }
        setPhase(.stopped)
        return .stopped
    }

    /// Asks the process to stop, and starts no other.
    package func stop() {
        stopRequested.open()
        if let process {
            setPhase(.stopping)
            process.terminate()
        }
    }

    /// Ends the process and what it started at once, and starts no other.
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
    /// What became of one process.
    private struct ProcessRun {
        /// How it ended; `nil` when it couldn't even be started.
        var end: ExitStatus?
        var description: String
        /// How long it ran if it was ready at some time, else zero.
        var healthyFor: Duration
    }

    /// Starts the program and waits for its end.
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
            state.reason = "it hasn't said yet that it listens"
        }
        // The order to stop may have come while it was being started.
        if stopRequested.isOpen { stop() }

        var end: ExitStatus?
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

    /// Waits for the end of a process, and meanwhile for its readiness.
    private nonisolated func awaitExit(_ process: ChildProcess, _ announcement: AddressAnnouncement) async -> ExitStatus? {
        await withTaskGroup { group in
            group.addTask { await self.awaitReadiness(announcement) }
            defer { group.cancelAll() }
            return await process.exit()
        }
    }

    /// Asks until the service is ready, and notes the response; ends early when its task is cancelled.
    private nonisolated func awaitReadiness(_ announcement: AddressAnnouncement) async {
        await announcement.received.wait()
        while !Task.isCancelled {
            let readiness = await dependencies.probe.readiness(of: url)
            if Task.isCancelled { return }
            switch readiness {
            case .ready:
                return dependencies.stateStore.update(name) { state in
                    // One that is being stopped stays so.
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
