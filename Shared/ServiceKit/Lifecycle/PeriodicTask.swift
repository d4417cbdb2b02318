internal import ServiceLifecycle

/// Work that a service repeats for as long as it runs, with a pause after each run.
///
/// A failed run is logged, and doesn't end the repetition. When the service group shuts down or the task is cancelled, a pause ends at
/// once; a run that is under way finishes, and no further one starts.
package struct PeriodicTask: ServiceLifecycle.Service {
    private let interval: Duration
    private let jitter: Double
    private let startsImmediately: Bool
    private let backoff: ExponentialBackoff?
    private let failureLog: FailureLog?
    private let clock: any Clock<Duration>
    private let random: RandomSource
    private let work: @Sendable () async throws -> Void

    /// - Parameters:
    ///   - interval: the pause between the end of a run and the start of the next one.
    ///   - jitter: the fraction, from 0 to 1, by which a pause may be shorter or longer, so that replicas that start together don't all
    ///     run at the same moment.
    ///   - startsImmediately: whether the first run is at once; otherwise it follows after a pause.
    ///   - backoff: the pauses after failed runs; `nil` for the interval.
    ///   - failureLog: logs failed runs; `nil` if `work` does so.
    ///   - clock: measures the pauses.
    ///   - work: the work of a run. A run that throws has failed.
    package init(
        every interval: Duration, jitter: Double = 0, startsImmediately: Bool = true, backoff: ExponentialBackoff? = nil,
        failureLog: FailureLog? = nil, clock: any Clock<Duration>, random: RandomSource = .system,
        work: @escaping @Sendable () async throws -> Void
    ) {
        self.interval = interval
        self.jitter = jitter
        self.startsImmediately = startsImmediately
        self.backoff = backoff
        self.failureLog = failureLog
        self.clock = clock
        self.random = random
        self.work = work
    }

    /// Repeats the work until the service group shuts down or the task is cancelled.
    package func run() async {
        var failureLog = failureLog
        var failures = 0
        if !startsImmediately { await pause(afterFailures: 0) }
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                try await work()
                failures = 0
                failureLog?.recordSuccess()
            } catch {
                failures += 1
                // Errors of cancelled work aren't logged.
                if !Task.isCancelled { failureLog?.recordFailure(error) }
            }
            await pause(afterFailures: failures)
        }
    }

    /// Waits for the next run. Returns early when the task is to stop.
    private func pause(afterFailures failures: Int) async {
        var pause = interval
        if failures > 0, let backoff { pause = backoff.pause(afterFailures: failures) }
        if jitter > 0 {
            let deviation = Double(random.number(below: 1001)) / 500 - 1
            pause = pause * (1 + jitter * deviation)
        }
        try? await cancelWhenGracefulShutdown { [pause] in try await clock.sleep(for: pause) }
    }
}
