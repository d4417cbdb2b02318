import ArgumentParser
import ProcessKit
import ServiceKit
import TestSupport
import Testing

@testable import Launcher

@Suite(.timeLimit(.minutes(5))) struct ServiceTaskTests {
    let scratch: ScratchDirectory

    init() throws {
        scratch = try ScratchDirectory()
    }

    /// Records all reports.
    private struct Recorder: TaskReporter {
        let lines = LineRecorder()

        func progress(of service: String, table: String, done: Int64, total: Int64) {
            lines.add("\(service) \(table) \(done)/\(total)")
        }

        func line(_ line: String, of service: String) { lines.add("\(service): \(line)") }
        func ended() { lines.add("ended") }
    }

    private func run(_ script: String, shutdown: ShutdownRequests = ShutdownRequests(), _ recorder: Recorder = Recorder())
        async throws -> TaskResult
    {
        try scratch.script("unladen-tracking", script)
        let stores = try StoreLocations(StoreOptions.parse([]))
        return try await ServiceTask(
            service: "tracking", arguments: [], stores: stores, binaryDirectory: scratch.binaryDirectory
        ).run(reporter: recorder, shutdown: shutdown)
    }

    @Test(arguments: [
        "", "no JSON", "[]", "{}", #"{"event":"from-the-future"}"#, #"{"event":7}"#, #"{"event":"progress","table":"runs"}"#,
        #"{"event":"progress","table":"runs","done":1.5,"total":2}"#,
    ])
    func `A line that isn't a known event is passed on`(line: String) {
        #expect(TaskEvent(line: line) == nil)
    }

    @Test func `Events keep the order of their members`() throws {
        #expect(
            TaskEvent(line: #"{"event":"progress","table":"runs","done":1,"total":2}"#)
                == .progress(table: "runs", done: 1, total: 2))
        guard
            case .done(let result)? = TaskEvent(
                line: #"{"event":"done","counts":{"z":{"source":2,"here":1},"a":{"source":0,"here":0}},"freed":{"runs":3}}"#)
        else { throw TaskFailure(service: "", end: nil) }
        #expect(result.counts.map(\.table) == ["z", "a"])
        #expect(result.counts.map(\.imported) == [1, 0])
        #expect(result.freed == [.init(kind: "runs", amount: 3)])
    }

    @Test func `A task's progress and its other lines are reported, and its result is returned`() async throws {
        let recorder = Recorder()
        let result = try await run(
            #"""
            echo '{"event":"progress","table":"runs","done":1,"total":2}'
            echo 'half way'
            echo '{"event":"message","message":"Not imported: traces (1)"}'
            echo '{"event":"progress","table":"runs","done":2,"total":2}'
            echo '{"event":"done","counts":{"runs":{"source":2,"here":2}}}'
            """#, recorder)
        #expect(
            recorder.lines.all == [
                "tracking runs 1/2", "tracking: half way", "tracking: Not imported: traces (1)", "tracking runs 2/2", "ended",
            ])
        #expect(result.counts == [.init(table: "runs", source: 2, imported: 2)])
    }

    @Test func `A task that fails or ends without a result is an error`() async throws {
        let failed = await #expect(throws: TaskFailure.self) { _ = try await run("exit 3") }
        #expect(failed?.description == "unladen-tracking exited with code 3.")
        let silent = await #expect(throws: TaskFailure.self) { _ = try await run("exit 0") }
        #expect(silent?.description == "unladen-tracking exited without reporting a result.")
    }

    @Test func `A task that reports a result and fails is incomplete`() async throws {
        let result = try await run(#"echo '{"event":"done","counts":{"runs":{"source":2,"here":1}}}'; exit 1"#)
        #expect(!result.isComplete)
        #expect(result.counts == [.init(table: "runs", source: 2, imported: 1)])
    }

    @Test func `The first shutdown request terminates a task, the second one kills it`() async throws {
        let recorder = Recorder()
        let shutdown = ShutdownRequests()
        async let result = run("trap 'echo asked' TERM; echo up; while :; do sleep 1000 & wait; done", shutdown: shutdown, recorder)
        await recorder.lines.first(with: "up")
        shutdown.receive()
        await recorder.lines.first(with: "asked")
        shutdown.receive()
        do {
            _ = try await result
            Issue.record("it wasn't killed")
        } catch let failure as TaskFailure {
            #expect(failure.end == .killed(signal: 9))
        }
    }

    @Test func `Tasks get their flags and the databases of the data directory`() throws {
        let stores = try StoreLocations(StoreOptions.parse(["--data-dir", "/data"]), own: ["registry": "postgresql://r"])
        let tasks = MLflowImportTask(source: "postgresql://u:secret@m/db", artifacts: "/old", stores: stores, binaryDirectory: "/bin").tasks
        #expect(
            tasks.map(\.program) == [
                Program(
                    path: "/bin/unladen-tracking",
                    arguments: ["import-mlflow", "--artifacts", "/old", "--artifacts-destination", "/data/artifacts"],
                    environment: [
                        "UNLADEN_BACKEND_STORE_URI": "sqlite:////data/tracking.db", "UNLADEN_IMPORT_FROM": "postgresql://u:secret@m/db",
                    ]),
                Program(
                    path: "/bin/unladen-registry",
                    arguments: ["import-mlflow", "--artifacts", "/old"],
                    environment: ["UNLADEN_BACKEND_STORE_URI": "postgresql://r", "UNLADEN_IMPORT_FROM": "postgresql://u:secret@m/db"]),
            ], "everybody can read the flags of a process")
        let collection = GarbageCollectionTask(olderThan: "30d", stores: stores, binaryDirectory: "/bin").tasks
        #expect(
            collection.map(\.program) == [
                Program(
                    path: "/bin/unladen-tracking",
                    arguments: ["gc", "--older-than", "30d", "--artifacts-destination", "/data/artifacts"],
                    environment: ["UNLADEN_BACKEND_STORE_URI": "sqlite:////data/tracking.db"])
            ])
    }

    @Test func `The summary lists what was freed`() {
        var result = TaskResult()
        #expect(GarbageCollectionTask.summary(of: result) == "nothing to free")
        result.freed = [
            .init(kind: "runs", amount: 12), .init(kind: "experiments", amount: 1), .init(kind: "logged_models", amount: 0),
            .init(kind: "artifact_bytes", amount: 52_400_000),
        ]
        #expect(GarbageCollectionTask.summary(of: result) == "freed 12 runs, 1 experiment, 52.4 MB of artifacts")
    }
}
