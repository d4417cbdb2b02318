package import Logging

/// Runs the services of a suite until it is told to stop, and then stops them in order.
package struct Supervisor: Sendable {
    /// How long things may take.
    package struct Limits: Sendable {
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
    private let board: StateBoard
    private let logger: Logger
    private let clock: any Clock<Duration>
    private let limits: Limits

    /// - Parameter services: in the order in which they are to stop.
    package init(
        services: [SupervisedService], board: StateBoard, logger: Logger, clock: any Clock<Duration> = ContinuousClock(),
        limits: Limits = Limits()
    ) {
        self.services = services
        self.board = board
        self.logger = logger
        self.clock = clock
        self.limits = limits
    }

    /// Runs until the first request to stop; the second one kills what still runs.
    ///
    /// - Parameter whenReady: called once, when all services are ready.
    package func run(stops: StopRequests, whenReady: @escaping @Sendable () -> Void) async -> Outcome {
        let isHopeless = Latch()
        let isOver = Latch()
        return await withTaskGroup { group in
            for service in services {
                group.addTask {
                    guard await service.run() == .misconfigured else { return }
                    isHopeless.open()
                    isOver.open()
                }
            }
            group.addTask {
                await stops.asked.wait()
                isOver.open()
            }
            group.addTask { await awaitReadiness(whenReady) }
            defer { group.cancelAll() }

            await isOver.wait()
            logger.info("stopping all services")
            let isClean = await stopAll(killingOn: stops.insisted)
            return isHopeless.isOpen ? .misconfigured : isClean ? .stopped : .killed
        }
    }

    private func awaitReadiness(_ whenReady: @Sendable () -> Void) async {
        var waited = Duration.zero
        while !(await board.allReady.wait(atMost: limits.readiness, clock: clock)) {
            if Task.isCancelled { return }
            waited += limits.readiness
            for service in board.services where service.phase != .ready {
                logger.warning(
                    "\(service.name) isn't ready after \(waited.inSeconds): \(service.reason ?? "it wasn't started yet")")
            }
        }
        whenReady()
    }

    /// Stops one service after the other; kills what is left after the grace period, or when `insisted` opens.
    ///
    /// - Returns: whether all ended by themselves.
    private func stopAll(killingOn insisted: Latch) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for service in services {
                    await service.stop()
                    await service.ended.wait(atMost: limits.headStart, clock: clock)
                }
                for service in services { await service.ended.wait() }
                return true
            }
            group.addTask {
                try? await clock.sleep(for: limits.grace)
                return await kill("didn't stop within \(limits.grace.inSeconds)")
            }
            group.addTask {
                await insisted.wait()
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
