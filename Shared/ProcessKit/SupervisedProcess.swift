/// Runs a program and restarts it when it exits, after pauses that grow, until it is stopped.
package actor SupervisedProcess {
    /// Why the supervision ended.
    package enum Outcome: Sendable {
        /// It was stopped.
        case stopped
        /// The observer decided not to restart it.
        case abandoned
    }

    private let program: Program
    private let observer: any ProcessObserver
    private let clock: any Clock<Duration>
    private let random: @Sendable () -> Double
    private let stopRequested = Latch()
    private var process: ChildProcess?

    /// - Parameter random: returns a random number from 0 to 1, for the pauses.
    package init(
        _ program: Program, observer: any ProcessObserver, clock: any Clock<Duration> = ContinuousClock(),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.program = program
        self.observer = observer
        self.clock = clock
        self.random = random
    }

    /// Runs the program until ``stop()`` or ``kill()``, or until the observer decides not to restart it. Call it once.
    package func run() async -> Outcome {
        var backoff = RestartBackoff(random: random)
        while !stopRequested.isOpen {
            let end = await runProcess()
            let next = observer.ended(end)
            if stopRequested.isOpen { break }
            guard case .restart(let healthy) = next else { return .abandoned }
            let pause = backoff.next(healthyFor: healthy)
            observer.willRestart(after: pause, because: end)
            await stopRequested.wait(atMost: pause, clock: clock)
        }
        return .stopped
    }

    /// Sends SIGTERM to the process and doesn't restart it.
    package func stop() {
        stopRequested.open()
        if let process {
            observer.willStop()
            process.terminate()
        }
    }

    /// Kills the process and its descendants, and doesn't restart it.
    package func kill() {
        stopRequested.open()
        process?.kill()
    }

    /// Starts the program and waits until it exits.
    private func runProcess() async -> SupervisedRun {
        let process: ChildProcess
        do {
            process = try await ChildProcess.start(program, onLine: observer.willStart())
        } catch {
            return .notStarted(error)
        }
        self.process = process
        observer.started(process)
        // `stop` may have been called while the process was starting.
        if stopRequested.isOpen { stop() }

        var status: ProcessExitStatus?
        let lifetime = await clock.measure { status = await self.awaitExit(process) }
        self.process = nil
        return .ended(status, after: lifetime)
    }

    /// Waits until a process exits. Meanwhile, the observer watches it.
    private nonisolated func awaitExit(_ process: ChildProcess) async -> ProcessExitStatus? {
        await withTaskGroup { group in
            group.addTask { await self.observer.watch(process) }
            defer { group.cancelAll() }
            return await process.exit()
        }
    }
}
