import ProcessKit
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct SupervisedProcessTests {
    let scratch: ScratchDirectory
    let observer = Recorder()

    init() throws {
        scratch = try ScratchDirectory()
    }

    /// Records what happens. Restarts every program that doesn't exit with code 2.
    final class Recorder: ProcessObserver {
        let events = LineRecorder()

        func willStart() -> ChildProcess.LineHandler {
            { [events] _, line in events.add(line) }
        }

        func started(_ process: ChildProcess) { events.add("started") }

        /// Ends when the process does.
        func watch(_ process: ChildProcess) async {
            await Latch().wait()
            events.add("watched")
        }

        func ended(_ run: SupervisedRun) -> NextStep {
            if case .ended(.exited(2), _) = run { return .abandon }
            return .restart(healthyFor: .zero)
        }

        func willRestart(after pause: Duration, because run: SupervisedRun) { events.add("\(run), restarting after \(pause)") }

        func willStop() { events.add("stopping") }
    }

    private func supervised(_ script: String, clock: any Clock<Duration>) throws -> SupervisedProcess {
        SupervisedProcess(try scratch.script("program", script), observer: observer, clock: clock, random: { 0.5 })
    }

    @Test func `A program that crashes is restarted, each time after a longer pause, until it is stopped`() async throws {
        let process = try supervised(
            "echo x >> $here/starts; [ $(wc -l < $here/starts) -lt 3 ] && exit 7; echo alive; exec sleep 1000", clock: InstantClock())
        async let outcome = process.run()
        await observer.events.first(with: "alive")
        await process.stop()
        #expect(await outcome == .stopped)
        #expect(
            observer.events.all.filter { $0 != "alive" } == [
                "started", "watched", "exited with code 7, restarting after 0.2 seconds",
                "started", "watched", "exited with code 7, restarting after 0.4 seconds",
                "started", "stopping", "watched",
            ])
    }

    @Test func `A program that can't be started is tried again`() async throws {
        let process = SupervisedProcess(Program(path: "/nowhere/program"), observer: observer, clock: InstantClock(), random: { 0.5 })
        async let outcome = process.run()
        await observer.events.first(with: "didn't start: can't start /nowhere/program: No such file or directory", number: 2)
        await process.stop()
        #expect(await outcome == .stopped)
    }

    @Test func `Stopping ends a pause`() async throws {
        let process = try supervised("exit 7", clock: EndlessClock())
        async let outcome = process.run()
        await observer.events.first(with: "restarting")
        await process.stop()
        #expect(await outcome == .stopped)
    }

    @Test func `The observer can end the supervision`() async throws {
        #expect(try await supervised("exit 2", clock: InstantClock()).run() == .abandoned)
        #expect(observer.events.all == ["started", "watched"])
    }

    @Test func `Killing reaches a program that ignores SIGTERM`() async throws {
        let process = try supervised("trap 'echo ignored' TERM; echo up; while :; do sleep 1000 & wait; done", clock: InstantClock())
        async let outcome = process.run()
        await observer.events.first(with: "up")
        await process.stop()
        await observer.events.first(with: "ignored")
        await process.kill()
        #expect(await outcome == .stopped)
    }
}
