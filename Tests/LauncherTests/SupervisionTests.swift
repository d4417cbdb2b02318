import Foundation
import Launcher
import Logging
import ProcessKit
import ServiceKit
import TestSupport
import Testing

/// Supervision of services that are shell scripts.
@Suite(.timeLimit(.minutes(5))) struct SupervisionTests {
    let scratch: ScratchDirectory
    let lines = LineRecorder()

    init() throws {
        scratch = try ScratchDirectory()
        try scratch.data.create()
    }

    private func dependencies(
        _ names: [String], clock: any Clock<Duration> = ContinuousClock()
    ) -> SupervisedService.Dependencies {
        let logger = Logger(service: "unladen", level: .info, format: .text) { [lines] in lines.add($0) }
        let state = SuiteState(
            launcher: 1, version: "test", startedAt: Date(), services: names.map { ServiceState(name: $0, url: "") })
        return SupervisedService.Dependencies(
            stateStore: SuiteStateStore(state, file: StateFile(in: scratch.data), logger: logger),
            console: Console(names: names, format: .text, isColored: false) { [lines] in lines.add($0) },
            logger: logger, clock: clock, random: RandomSource { 500 })
    }

    private func service(_ name: String, _ script: String, _ dependencies: SupervisedService.Dependencies) throws
        -> SupervisedService
    {
        SupervisedService(
            name: name, program: try scratch.script(name, script), url: "http://127.0.0.1:1", dependencies: dependencies)
    }

    @Test func `A service that crashes is restarted, each time after a longer pause`() async throws {
        let clock = InstantClock()
        let dependencies = dependencies(["one"], clock: clock)
        let service = try service(
            "one", "echo x >> $here/starts; [ $(wc -l < $here/starts) -lt 4 ] && exit 7; echo alive; exec sleep 1000",
            dependencies)
        async let ending = service.run()
        await lines.first(with: "alive")
        #expect(clock.sleeps == [.milliseconds(200), .milliseconds(400), .milliseconds(800)])
        await lines.first(with: "one exited with code 7; restarting it in 0.8 s")
        let state = try #require(dependencies.stateStore.services.first)
        #expect(state.restarts == 3)
        #expect(state.lastEnd == "exited with code 7")
        await service.stop()
        #expect(await ending == .stopped)
    }

    @Test func `Stopping ends a pause`() async throws {
        let service = try service("one", "exit 1", dependencies(["one"], clock: EndlessClock()))
        async let ending = service.run()
        await lines.first(with: "restarting it")
        await service.stop()
        #expect(await ending == .stopped)
    }

    @Test func `A service that rejects its flags isn't restarted`() async throws {
        let service = try service("one", "echo 'error: wrong flag' >&2; exit 2", dependencies(["one"]))
        #expect(await service.run() == .misconfigured)
        #expect(lines.all == ["one │ error: wrong flag"])
    }

    @Test func `A service that was listening is restarted regardless of its exit code`() async throws {
        let service = try service(
            "one", "[ -e $here/again ] && { echo again; exec sleep 1000; }; touch $here/again; echo listening on http://x; exit 2",
            dependencies(["one"], clock: InstantClock()))
        async let ending = service.run()
        await lines.first(with: "again")
        await service.stop()
        #expect(await ending == .stopped)
    }
}

/// Stopping the whole suite.
extension SupervisionTests {
    private func supervisor(
        _ scripts: [(name: String, script: String)], timeouts: Supervisor.Timeouts = Supervisor.Timeouts()
    ) throws -> Supervisor {
        let dependencies = dependencies(scripts.map(\.name))
        return Supervisor(
            services: try scripts.map { try service($0.name, $0.script, dependencies) }, stateStore: dependencies.stateStore,
            logger: dependencies.logger, timeouts: timeouts)
    }

    /// A script that prints when it is up, and runs a command on SIGTERM.
    private func loyal(onStop: String) -> String {
        "trap '\(onStop)' TERM; echo up $0; while :; do sleep 1000 & wait; done"
    }

    @Test func `Services stop one after the other, in order`() async throws {
        let stop = "echo $(basename $0) >> $here/stopped; exit 0"
        // The tests share the processors: a shell may take seconds to react.
        var timeouts = Supervisor.Timeouts()
        timeouts.headStart = .seconds(180)
        timeouts.grace = .seconds(360)
        let supervisor = try supervisor([("front", loyal(onStop: stop)), ("back", loyal(onStop: stop))], timeouts: timeouts)
        let shutdown = ShutdownRequests()
        async let outcome = supervisor.run(shutdown: shutdown) {}
        await lines.first(with: "up \(scratch.binaryDirectory)/front")
        await lines.first(with: "up \(scratch.binaryDirectory)/back")
        shutdown.receive()
        #expect(await outcome == .stopped)
        #expect(try scratch.text("stopped") == "front\nback\n")
    }

    @Test func `The second shutdown request kills immediately`() async throws {
        let supervisor = try supervisor([("one", loyal(onStop: "echo not yet"))])
        let shutdown = ShutdownRequests()
        async let outcome = supervisor.run(shutdown: shutdown) {}
        await lines.first(with: "up")
        shutdown.receive()
        await lines.first(with: "not yet")
        shutdown.receive()
        #expect(await outcome == .killed)
    }

    @Test func `Services that don't stop within the grace period are killed`() async throws {
        var timeouts = Supervisor.Timeouts()
        timeouts.grace = .milliseconds(50)
        let supervisor = try supervisor([("one", loyal(onStop: "echo not yet"))], timeouts: timeouts)
        let shutdown = ShutdownRequests()
        async let outcome = supervisor.run(shutdown: shutdown) {}
        await lines.first(with: "up")
        shutdown.receive()
        #expect(await outcome == .killed)
        #expect(lines.all.contains { $0.contains("one didn't stop within") })
    }

    @Test func `A service that rejects its flags stops all services`() async throws {
        let supervisor = try supervisor([
            ("good", loyal(onStop: "echo told; exit 0")), ("bad", "exit 2"),
        ])
        #expect(await supervisor.run(shutdown: ShutdownRequests()) {} == .misconfigured)
    }

    @Test func `A service that isn't ready is reported with the reason`() async throws {
        var timeouts = Supervisor.Timeouts()
        timeouts.readiness = .milliseconds(100)
        let supervisor = try supervisor([("silent", loyal(onStop: "exit 0"))], timeouts: timeouts)
        let shutdown = ShutdownRequests()
        async let outcome = supervisor.run(shutdown: shutdown) {}
        await lines.first(with: "silent isn't ready after")
        await lines.first(with: "s: it isn't listening yet")
        await lines.first(with: "up")
        shutdown.receive()
        #expect(await outcome == .stopped)
    }
}
