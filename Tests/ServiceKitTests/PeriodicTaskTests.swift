import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import ServiceKit

/// How periodic work is repeated, and how it ends.
@Suite(.timeLimit(.minutes(5))) struct PeriodicTaskTests {
    private struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Work that fails in some of its runs.
    private final class Work: Sendable {
        private let state: Mutex<(runs: Int, errors: [String?])>

        /// - Parameter errors: the errors of the first runs; `nil` for a success. Further runs succeed.
        init(errors: [String?] = []) {
            state = Mutex((0, errors))
        }

        var runs: Int { state.withLock { $0.runs } }

        func run() throws {
            let error: String? = state.withLock { state in
                state.runs += 1
                return state.runs <= state.errors.count ? state.errors[state.runs - 1] : nil
            }
            if let error { throw Failure(description: error) }
        }
    }

    private let clock = ManualClock()

    /// Runs a task and returns its first pauses.
    private func pauses(_ count: Int, of task: PeriodicTask) async throws -> [Duration] {
        try await withServices([task]) {
            var pauses: [Duration] = []
            while pauses.count < count {
                let pause = await clock.sleepers()[0]
                pauses.append(pause)
                clock.advance(by: pause)
            }
            await clock.sleepers()
            return pauses
        }
    }

    // MARK: Repetition

    @Test func `The work runs at once, and again when the interval has passed`() async throws {
        let work = Work()
        try await withServices([PeriodicTask(every: .seconds(2), clock: clock) { try work.run() }]) {
            #expect(await clock.sleepers() == [.seconds(2)])
            #expect(work.runs == 1)
            clock.advance(by: .seconds(1))
            #expect(await clock.sleepers() == [.seconds(1)])
            #expect(work.runs == 1)
            clock.advance(by: .seconds(1))
            #expect(await clock.sleepers() == [.seconds(2)])
            #expect(work.runs == 2)
        }
        #expect(work.runs == 2)
    }

    @Test func `The first run may follow after an interval`() async throws {
        let work = Work()
        try await withServices([PeriodicTask(every: .seconds(2), startsImmediately: false, clock: clock) { try work.run() }]) {
            #expect(await clock.sleepers() == [.seconds(2)])
            #expect(work.runs == 0)
            clock.advance(by: .seconds(2))
            await clock.sleepers()
            #expect(work.runs == 1)
        }
        #expect(work.runs == 1)
    }

    @Test(arguments: [(0, 5), (500, 10), (1000, 15)])
    func `Jitter makes a pause shorter or longer`(number: UInt64, seconds: Int) async throws {
        let task = PeriodicTask(every: .seconds(10), jitter: 0.5, clock: clock, random: RandomSource { number }) {}
        #expect(try await pauses(2, of: task) == [.seconds(seconds), .seconds(seconds)])
    }

    // MARK: Failures

    @Test func `The work is repeated after a failure`() async throws {
        let work = Work(errors: ["a", "a"])
        #expect(try await pauses(3, of: PeriodicTask(every: .seconds(1), clock: clock) { try work.run() }).count == 3)
        #expect(work.runs == 4)
    }

    @Test func `Each consecutive failure doubles the pause up to the maximum, and a success ends that`() async throws {
        let work = Work(errors: ["a", "b", "c", "d", nil, "e"])
        let backoff = ExponentialBackoff(first: .seconds(1), maximum: .seconds(3))
        let task = PeriodicTask(every: .milliseconds(500), backoff: backoff, clock: clock) { try work.run() }
        let expected: [Duration] = [.seconds(1), .seconds(2), .seconds(3), .seconds(3), .milliseconds(500), .seconds(1)]
        #expect(try await pauses(6, of: task) == expected)
    }

    @Test func `The pause stays at the maximum however often the work fails`() {
        let backoff = ExponentialBackoff(first: .milliseconds(200), maximum: .seconds(30))
        for failures in [9, 17, 64, 1_000_000] { #expect(backoff.pause(afterFailures: failures) == .seconds(30)) }
        #expect(ExponentialBackoff.constant(.seconds(1)).pause(afterFailures: 5) == .seconds(1))
    }

    @Test func `Failures are logged when they begin, when their cause changes, and when they end`() async throws {
        let lines = Mutex<[String]>([])
        let logger = Logger(service: "test", level: .debug, format: .text) { line in lines.withLock { $0.append(line) } }
        let work = Work(errors: [nil, "down", "down", "slow", nil, nil, "slow"])
        let failureLog = FailureLog(logger, .warning, "can't work", recovered: "works again")
        _ = try await pauses(8, of: PeriodicTask(every: .seconds(1), failureLog: failureLog, clock: clock) { try work.run() })
        let expected = ["can't work down", "can't work slow", "works again", "can't work slow", "works again"]
        let log = lines.withLock { $0 }
        #expect(log.count == expected.count)
        for (line, words) in zip(log, expected) {
            let cause = words.split(separator: " ").last.map(String.init) ?? ""
            #expect(line.contains(words.hasPrefix("can't") ? "can't work" : words) && line.contains(cause), "\(line)")
        }
    }

    // MARK: The end

    @Test func `A shutdown ends the pause`() async throws {
        let work = Work()
        // `withServices` waits for the end of the task, and the clock stands still.
        try await withServices([PeriodicTask(every: .seconds(1), clock: clock) { try work.run() }]) { await clock.sleepers() }
        #expect(work.runs == 1)
    }

    @Test func `A shutdown before the first run prevents it`() async throws {
        let work = Work()
        let task = PeriodicTask(every: .seconds(1), startsImmediately: false, clock: clock) { try work.run() }
        try await withServices([task]) { await clock.sleepers() }
        #expect(work.runs == 0)
    }

    @Test func `A run that is under way at the shutdown finishes and is the last one`() async throws {
        let (started, shutdown) = (Gate(), Gate())
        let finished = Work()
        let task = PeriodicTask(every: .zero, clock: clock) {
            await withGracefulShutdownHandler {
                started.open()
                await shutdown.wait()
            } onGracefulShutdown: {
                shutdown.remove()
            }
            try Task.checkCancellation()
            try finished.run()
        }
        try await withServices([task]) { await started.wait() }
        #expect(finished.runs == 1)
    }

    @Test func `Cancellation ends the repetition, and an error that it causes isn't logged`() async throws {
        let lines = Mutex<[String]>([])
        let logger = Logger(service: "test", level: .debug, format: .text) { line in lines.withLock { $0.append(line) } }
        let failureLog = FailureLog(logger, .warning, "can't work")
        let (started, never) = (Gate(), Gate())
        let task = PeriodicTask(every: .seconds(1), failureLog: failureLog, clock: clock) {
            started.open()
            await never.wait()
            try Task.checkCancellation()
        }
        let run = Task { await task.run() }
        await started.wait()
        run.cancel()
        await run.value
        #expect(lines.withLock { $0 } == [])
    }
}
