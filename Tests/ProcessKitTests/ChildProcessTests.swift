import Foundation
import ProcessKit
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct ChildProcessTests {
    let scratch: ScratchDirectory

    init() throws {
        scratch = try ScratchDirectory()
    }

    @Test func `Every line arrives before the exit, including one without a line break`() async throws {
        let script = try scratch.script("talk", "seq 20000; printf last; echo bad >&2; exit 3")
        let (end, output, errors) = try await script.run()
        #expect(end == .exited(3))
        #expect(output == (1...20000).map(String.init) + ["last"])
        #expect(errors == ["bad"])
    }

    @Test func `A program gets its arguments unchanged, and its variables in addition to ours`() async throws {
        var script = try scratch.script("show", #"printf '%s\n' "$@" "$COLOUR" "$PATH""#)
        script.arguments += ["a b", "", "é'\"$x"]
        script.environment = ["COLOUR": "green"]
        let path = try #require(ProcessInfo.processInfo.environment["PATH"])
        #expect(try await script.run().output == ["a b", "", "é'\"$x", "green", path])
    }

    @Test func `The error for a missing program contains its path`() async throws {
        let error = await #expect(throws: SpawnError.self) {
            _ = try await Program(path: "/nowhere/unladen-tracking").run()
        }
        #expect(error?.description == "can't start /nowhere/unladen-tracking: No such file or directory")
    }

    @Test func `A child has its own process group and an empty stdin`() async throws {
        let script = try scratch.script("group", "cut -d' ' -f5 /proc/$$/stat; echo $$; cat; echo end")
        let output = try await script.run().output
        #expect(output.count == 3)
        #expect(output[0] == output[1])
        #expect(output[2] == "end")
    }

    @Test func `The signal that kills a child is reported`() async throws {
        let lines = LineRecorder()
        let process = try await ChildProcess.start(scratch.script("wait", "echo up; exec sleep 1000")) { lines.add($1) }
        await lines.first(with: "up")
        process.terminate()
        let end = await process.exit()
        #expect(end == .killed(signal: SIGTERM))
        #expect(end?.description == "was killed by signal 15 (Terminated)")
        // Its ID may have been reused by now.
        process.kill()
    }

    @Test func `A child's descendants are killed with it and don't delay its exit`() async throws {
        scratch.namedPipe("alive")
        async let pipe = scratch.readToEnd(of: "alive")
        // The sleeping process keeps the output pipe and the named pipe open.
        let script = try scratch.script("leave", "exec 3> $here/alive; sleep 1000 & exit 0")
        #expect(try await script.run().end == .exited(0))
        _ = await pipe
    }
}
