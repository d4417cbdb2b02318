import Foundation
import Launcher
import Testing

@Suite(.timeLimit(.minutes(5))) struct ChildProcessTests {
    let scratch: ScratchDirectory

    init() throws {
        scratch = try ScratchDirectory()
    }

    @Test func `Every line arrives before the end does, also one without a line break`() async throws {
        let script = try scratch.script("talk", "seq 20000; printf last; echo bad >&2; exit 3")
        let (end, output, errors) = try await run(script)
        #expect(end == .exited(3))
        #expect(output == (1...20000).map(String.init) + ["last"])
        #expect(errors == ["bad"])
    }

    @Test func `A program gets its arguments as they are, and its variables beside ours`() async throws {
        var script = try scratch.script("show", #"printf '%s\n' "$@" "$COLOUR" "$PATH""#)
        script.arguments += ["a b", "", "é'\"$x"]
        script.environment = ["COLOUR": "green"]
        let path = try #require(ProcessInfo.processInfo.environment["PATH"])
        #expect(try await run(script).output == ["a b", "", "é'\"$x", "green", path])
    }

    @Test func `A program that isn't there is an error that names it`() async throws {
        let error = await #expect(throws: SpawnError.self) {
            _ = try await run(Program(path: "/nowhere/unladen-tracking"))
        }
        #expect(error?.description == "can't start /nowhere/unladen-tracking: No such file or directory")
    }

    @Test func `A child has a process group of its own and an empty stdin`() async throws {
        let script = try scratch.script("group", "cut -d' ' -f5 /proc/$$/stat; echo $$; cat; echo end")
        let output = try await run(script).output
        #expect(output.count == 3)
        #expect(output[0] == output[1])
        #expect(output[2] == "end")
    }

    @Test func `A signal that ends a child is told`() async throws {
        let lines = LineRecorder()
        let process = try await ChildProcess.start(scratch.script("wait", "echo up; exec sleep 1000")) { lines.add($1) }
        await lines.first(with: "up")
        process.terminate()
        let end = await process.exit()
        #expect(end == .killed(signal: SIGTERM))
        #expect(end?.description == "was killed by signal 15 (Terminated)")
        // Its number may be another's by now.
        process.kill()
    }

    @Test func `What a child leaves behind is killed with it and doesn't delay its end`() async throws {
        scratch.namedPipe("alive")
        async let pipe = scratch.readToEnd(of: "alive")
        // The sleeper has our end of its output open, and the named pipe.
        let script = try scratch.script("leave", "exec 3> $here/alive; sleep 1000 & exit 0")
        #expect(try await run(script).end == .exited(0))
        _ = await pipe
    }
}
