package import Logging

/// Runs the services of a suite until it is told to stop, and then stops them in order.
package struct Supervisor: Sendable {
    /// How long things may take.
    package struct Timeouts: Sendable {
        /// When services that aren't ready are first complained about, and how often from then on.
        package var readiness = Duration.seconds(60)
        /// From the order to stop until what still runs is killed.
        package var grace = Duration.seconds(30)
        /// How long a service may take to stop before the next one is told to, too.
        package var headStart = Duration.seconds(5)

        /// How much longer than its own drain timeout a service may take to stop.
        package static let graceAfterDraining = Duration.seconds(15)

        package init() {}
    }

    package enum Outcome: Sendable, Equatable {
        /// Told to stop, and all services did.
        case stopped
        /// Told to stop, but what didn't had to be killed.
        case killed
        /// A service refused its flags or its database.
        case misconfigured
    }

    private let services: [SupervisedService]
    private let stateStore: SuiteStateStore
    private let logger: Logger
    private let clock: any Clock<Duration>
    private let timeouts: Timeouts

    /// - Parameter services: in the order in which they are to stop.
    package init(
        services: [SupervisedService], stateStore: SuiteStateStore, logger: Logger, clock: any Clock<Duration> = ContinuousClock(),
        timeouts: Timeouts = Timeouts()
    ) {
        self.services = services
        self.stateStore = stateStore
        self.logger = logger
        self.clock = clock
        self.timeouts = timeouts
    }

    /// Runs until the first request to stop; the second one kills what still runs.
    ///
    /// - Parameter whenReady: called once, when all services are ready.
    package func run(shutdown: ShutdownRequests, whenReady: @escaping @Sendable () -> Void) async -> Outcome {
        let isMisconfigured = Latch()
        let mustStop = Latch()
        return await withTaskGroup { group in
            for service in services {
                group.addTask {
                    guard await service.run() == .misconfigured else { return }
                    isMisconfigured.open()
                    mustStop.open()
                }
            }
            group.addTask {
                await shutdown.graceful.wait()
                mustStop.open()
            }
            group.addTask { await awaitReadiness(whenReady) }
            defer { group.cancelAll() }

            await mustStop.wait()
            logger.info("stopping all services")
            let isClean = await stopAll(killingOn: shutdown.forced)
            return isMisconfigured.isOpen ? .misconfigured : isClean ? .stopped : .killed
        }
    }

    private func awaitReadiness(_ whenReady: @Sendable () -> Void) async {
        var waited = Duration.zero
        while !(await stateStore.allReady.wait(atMost: timeouts.readiness, clock: clock)) {
            if Task.isCancelled { return }
            waited += timeouts.readiness
            for service in stateStore.services where service.phase != .ready {
                logger.warning(
                    "\(service.name) isn't ready after \(waited.formattedSeconds): \(service.reason ?? "it wasn't started yet")")
            }
        }
        whenReady()
    }

    /// Stops one service after the other; kills what is left after the grace period, or when `forced` opens.
    ///
    /// - Returns: whether all ended by themselves.
    private func stopAll(killingOn forced: Latch) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for service in services {
                    await service.stop()
                    await service.ended.wait(atMost: timeouts.headStart, clock: clock)
                }
                for service in services { await service.ended.wait() }
                return true
            }
            group.addTask {
                try? await clock.sleep(for: timeouts.grace)
                return await kill("didn't stop within \(timeouts.grace.formattedSeconds)")
            }
            group.addTask {
                await forced.wait()
                return await kill("is killed as it was asked for once more")
            }
            let isClean = await group.next() ?? true
            group.cancelAll()
            for service in services { await service.ended.wait() }
            return isClean
        }
    }

    /// Kills the services that still run, unless the task was cancelled because none does.
    private func kill(_ reason: String) async -> Bool {
        if Task.isCancelled { return true }
        for service in services where !service.ended.isOpen {
            logger.warning("\(service.name) \(reason)")
            await service.kill()
        }
        return false
    }
}
