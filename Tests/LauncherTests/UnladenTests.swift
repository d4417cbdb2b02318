import Foundation
import Launcher
import ProcessKit
import TestSupport
import Testing

/// The executable itself, with fake services.
@Suite(.timeLimit(.minutes(5))) struct UnladenTests {
    let scratch: ScratchDirectory
    /// The output of `unladen up` on stdout and stderr.
    let output = LineRecorder()
    let log = LineRecorder()

    init() throws {
        scratch = try ScratchDirectory()
        scratch.namedPipe("alive")
        for name in ["tracking", "registry"] { try scratch.fakeService(name) }
    }

    private func unladen(_ arguments: String...) -> Program {
        Program(
            path: LauncherTests.unladen,
            arguments: arguments + ["--data-dir", scratch.data.path]
                + (arguments.first == "status" ? [] : ["--bin-dir", scratch.binaryDirectory]),
            environment: ["UNLADEN_MLFLOW_UI": ""])
    }

    /// Starts a suite and waits until it is ready.
    private func up() async throws -> ChildProcess {
        let process = try await ChildProcess.start(unladen("up", "--port", "0")) { [output, log] stream, line in
            (stream == .standardOutput ? output : log).add(line)
        }
        await output.first(with: "data ")
        return process
    }

    private func status() async throws -> (end: ProcessExitStatus?, services: [Status.Service]) {
        let (end, output, _) = try await unladen("status", "--json").run()
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return (end, try decoder.decode(Status.self, from: Data(output.joined().utf8)).services)
    }

    private struct Status: Decodable {
        struct Service: Decodable {
            var name: String
            var url: String
            var pid: Int32?
            var up: Bool
            var ready: Bool
            var restarts: Int
            var version: String?
            var memoryBytes: Int?
        }

        var services: [Service]
    }

    @Test func `A suite starts, prints its addresses, and stops on SIGTERM`() async throws {
        async let lives = scratch.readToEnd(of: "alive")
        let process = try await up()
        let (end, services) = try await status()
        #expect(end == .exited(0))
        #expect(services.map(\.name) == ["tracking", "registry"])
        for service in services {
            #expect(service.up && service.ready && service.restarts == 0 && service.version == "3.17.2")
            #expect((service.memoryBytes ?? 0) > 1_000_000)
        }
        #expect(
            output.all == [
                "listening on \(services[0].url)", "", "service   address", "tracking  \(services[0].url)",
                "registry  \(services[1].url)", "web UI    not installed, see \(services[0].url)/", "data      \(scratch.data.path)", "",
            ])
        let line = await log.first(with: "tracking │ store sqlite:///\(scratch.data.path)/tracking.db")
        #expect(line.contains("--registry-uri \(services[1].url)"))

        process.terminate()
        #expect(await process.exit() == .exited(0))
        #expect(try scratch.text("signals") == "tracking SIGTERM\nregistry SIGTERM\n")
        #expect(Set(await lives.split(separator: " ")) == ["tracking", "registry"])
        #expect(try StateFile(in: scratch.data).read() == nil)
        #expect(try await unladen("status").run().end == .exited(1))
    }

    @Test func `Ctrl-C on a terminal reaches the services as a single shutdown request`() async throws {
        async let lives = scratch.readToEnd(of: "alive")
        let process = try await up()
        // Like a terminal: to the whole foreground process group.
        #expect(kill(-process.pid, SIGINT) == 0)
        #expect(await process.exit() == .exited(0))
        _ = await lives
        #expect(try scratch.text("signals") == "tracking SIGTERM\nregistry SIGTERM\n")
    }

    @Test func `No service outlives a launcher that is killed`() async throws {
        async let lives = scratch.readToEnd(of: "alive")
        let process = try await up()
        #expect(kill(process.pid, SIGKILL) == 0)
        #expect(await process.exit() == .killed(signal: SIGKILL))
        _ = await lives
        #expect(!FileManager.default.fileExists(atPath: scratch.file("signals")))
        // The directory is unlocked again, with the state file of the killed suite in it.
        #expect(scratch.data.owner == nil)
    }

    @Test func `A killed service restarts at the same address`() async throws {
        async let lives = scratch.readToEnd(of: "alive")
        let process = try await up()
        let before = try await status().services[1]
        #expect(kill(try #require(before.pid), SIGKILL) == 0)
        await log.first(with: "registry was killed by signal 9 (Killed); restarting it in 0.2 s")
        await log.first(with: "registry │ store", number: 2)
        let after = try await status().services[1]
        #expect(after.restarts == 1)
        #expect(after.url == before.url)
        #expect(after.pid != before.pid)
        process.terminate()
        #expect(await process.exit() == .exited(0))
        _ = await lives
    }

    @Test func `The gateway stops first because it sends traces to the tracking service`() async throws {
        try scratch.fakeService("gateway")
        async let lives = scratch.readToEnd(of: "alive")
        let process = try await ChildProcess.start(unladen("up", "--port", "0", "--gateway-config", "gateway.yaml")) { [output] _, line in
            output.add(line)
        }
        await output.first(with: "data ")
        process.terminate()
        #expect(await process.exit() == .exited(0))
        #expect(try scratch.text("signals") == "gateway SIGTERM\ntracking SIGTERM\nregistry SIGTERM\n")
        _ = await lives
    }

    @Test(arguments: [["gc", "--older-than", "1d"], ["gateway", "keys", "list"], ["gateway", "usage"]])
    func `A missing data directory isn't mistaken for an empty one`(arguments: [String]) async throws {
        let directory = scratch.data.path + "/mistyped"
        let program = Program(
            path: LauncherTests.unladen, arguments: arguments + ["--data-dir", directory, "--bin-dir", scratch.binaryDirectory])
        let (end, _, errors) = try await program.run()
        #expect(end == .exited(2))
        #expect(errors.first?.contains("the directory \(directory) doesn't exist") == true, "\(errors)")
        #expect(!FileManager.default.fileExists(atPath: directory))
    }

    @Test func `A second suite on the same directory is rejected`() async throws {
        async let lives = scratch.readToEnd(of: "alive")
        let process = try await up()
        let (end, _, errors) = try await unladen("up", "--port", "0").run()
        #expect(end == .exited(2))
        #expect(
            errors == [
                "error: --data-dir: another suite (process \(process.pid)) is running on \(scratch.data.path). "
                    + "Stop it first or choose another directory."
            ])
        process.terminate()
        #expect(await process.exit() == .exited(0))
        _ = await lives
    }

    @Test func `An import shows the counts and fails when they differ`() async throws {
        let event = #"{"event":"done","counts":{"COUNTS":{"source":2,"here":HERE}}}"#
        func write(_ service: String, _ table: String, here: Int) throws {
            let text = event.replacing("COUNTS", with: table).replacing("HERE", with: String(here))
            try scratch.script("unladen-" + service, "echo '\(text)'")
        }
        try write("tracking", "runs", here: 2)
        try write("registry", "models", here: 2)
        let same = try await unladen("import", "mlflow", "--from", "sqlite:///x.db").run()
        #expect(same.end == .exited(0))
        #expect(same.output == ["table   source  here", "runs         2     2", "models       2     2"])
        try write("registry", "models", here: 1)
        let differing = try await unladen("import", "mlflow", "--from", "sqlite:///x.db").run()
        #expect(differing.end == .exited(1))
        #expect(differing.output.last == "models       2     1  differs")
    }

    @Test(arguments: [
        ("UNLADEN_LOG_LEVEL", "loud", "trace, debug, info, notice, warning, error or critical"),
        ("UNLADEN_LOG_FORMAT", "xml", "text or json"),
        ("UNLADEN_PORT", "http", "a port number"), ("UNLADEN_MAX_CONNECTIONS", "many", "a number between 1 and 1000000"),
    ])
    func `An invalid environment variable is rejected`(name: String, value: String, expected: String) async throws {
        let program = Program(
            path: LauncherTests.unladen, arguments: ["up", "--data-dir", scratch.data.path, "--bin-dir", scratch.binaryDirectory],
            environment: [name: value])
        let (end, _, errors) = try await program.run()
        #expect(end == .exited(2))
        #expect(errors.first?.contains("\(name) must be \(expected), not '\(value)'") == true, "\(errors)")
    }

    @Test(arguments: [["up", "--port", "x"], ["up", "--nonsense"], ["gc"], ["status", "extra"], ["import", "mlflow"]])
    func `Invalid flags exit with code 2`(arguments: [String]) async throws {
        let (end, _, errors) = try await Program(path: LauncherTests.unladen, arguments: arguments).run()
        #expect(end == .exited(2))
        #expect(!errors.isEmpty)
    }
}
