package import Logging
package import ProcessKit
package import ServiceKit

/// Runs one service of a suite and restarts it when it exits, until it is stopped.
package struct SupervisedService: Sendable {
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

    /// The service's name.
    package let name: String
    /// Opens when the service has exited and won't be restarted.
    package let ended = Latch()

    private let process: SupervisedProcess
    private let stateStore: SuiteStateStore

    /// - Parameter url: the service's URL, as seen from this machine.
    package init(name: String, program: Program, url: String, dependencies: Dependencies) {
        self.name = name
        stateStore = dependencies.stateStore
        process = SupervisedProcess(
            program, observer: ServiceObserver(name: name, url: url, dependencies: dependencies), clock: dependencies.clock,
            random: { [random = dependencies.random] in Double(random.number(below: 1001)) / 1000 })
    }

    /// Runs the service until ``stop()``, or until it rejects its configuration.
    package func run() async -> Outcome {
        defer { ended.open() }
        let outcome = await process.run()
        stateStore.update(name) { $0.phase = .stopped }
        return outcome == .abandoned ? .misconfigured : .stopped
    }

    /// Sends SIGTERM to the process and doesn't restart it.
    package func stop() async { await process.stop() }

    /// Kills the process and its descendants, and doesn't restart it.
    package func kill() async { await process.kill() }
}
