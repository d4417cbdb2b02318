package import Logging
package import ProcessKit

/// Runs the services of a suite until a shutdown is requested, and then stops them in order.
package struct Supervisor: Sendable {
    /// The timeouts of supervision.
    package struct Timeouts: Sendable {
        /// The interval between warnings about services that aren't ready.
        package var readiness = Duration.seconds(60)
        /// How long services may take to stop before they are killed.
        package var grace = Duration.seconds(30)
        /// How long a service may take to stop before the next one is stopped as well.
        package var headStart = Duration.seconds(5)

        /// How much longer than its drain timeout a service may take to stop.
        package static let graceAfterDraining = Duration.seconds(15)

        package init() {}
    }

    /// How the suite ended.
    package enum Outcome: Sendable, Equatable {
        /// All services stopped by themselves after a request.
        case stopped
        /// Some services had to be killed.
        case killed
        /// A service rejected its flags or its database.
        case misconfigured
    }

    private let services: [SupervisedService]
    private let stateStore: SuiteStateStore
    private let logger: Logger
    private let clock: any Clock<Duration>
    private let timeouts: Timeouts

    /// - Parameter services: the services, in the order in which to stop them.
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

    /// Runs until the first shutdown request. The second one kills the remaining services.
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
                    "\(service.name) isn't ready after \(waited.formattedSeconds): \(service.reason ?? "it hasn't been started yet")")
            }
        }
        whenReady()
    }

    /// Stops one service after the other. Kills the remaining ones after the grace period or when `forced` opens.
    ///
    /// - Returns: whether all stopped by themselves.
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
                return await kill("didn't stop within \(timeouts.grace.formattedSeconds) and is killed")
            }
            group.addTask {
                await forced.wait()
                return await kill("is killed because of a second shutdown request")
            }
            let isClean = await group.next() ?? true
            group.cancelAll()
            for service in services { await service.ended.wait() }
            return isClean
        }
    }

    /// Kills the services that are still running, unless the task is cancelled because none is.
    private func kill(_ reason: String) async -> Bool {
        if Task.isCancelled { return true }
        for service in services where !service.ended.isOpen {
            logger.warning("\(service.name) \(reason)")
            await service.kill()
        }
        return false
    }
}
