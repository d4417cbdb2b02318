import ArgumentParser
import Foundation
import Launcher
import NIOCore
import NIOPosix
import ProcessKit
import ServiceKit
import TestSupport
import Testing

@Suite struct SuiteTests {
    let scratch: ScratchDirectory

    init() throws {
        scratch = try ScratchDirectory()
        for name in ["tracking", "registry"] { try scratch.script("unladen-" + name, "exit 0") }
    }

    private func plan(_ options: [String] = [], _ stores: [String] = []) throws -> SuitePlan {
        SuitePlan(
            definitions: ServiceDefinition.suite, ports: ["tracking": 7000, "registry": 7009],
            options: try ServiceOptions.parse(options),
            stores: try StoreLocations(StoreOptions.parse(["--data-dir", scratch.data.path] + stores)),
            binaryDirectory: scratch.binaryDirectory)
    }

    private func programs(_ plan: SuitePlan) throws -> [Program] {
        try plan.definitions.map { try plan.program(for: $0) }
    }

    @Test func `Each service gets its own address, the other's address, and its own database`() throws {
        let programs = try programs(plan(["--log-level", "debug", "--allowed-hosts", "a,b"]))
        let data = scratch.data.path
        // The services call each other at this machine's address, so it is accepted too.
        let common = ["--log-level", "debug", "--log-format", "text", "--allowed-hosts", "a,b,127.0.0.1"]
        #expect(
            programs == [
                Program(
                    path: scratch.binaryDirectory + "/unladen-tracking",
                    arguments: ["--host", "127.0.0.1", "--port", "7000"] + common + [
                        "--artifacts-destination", data + "/artifacts", "--registry-uri", "http://127.0.0.1:7009",
                    ],
                    environment: ["UNLADEN_BACKEND_STORE_URI": "sqlite:///\(data)/tracking.db"]),
                Program(
                    path: scratch.binaryDirectory + "/unladen-registry",
                    arguments: ["--host", "127.0.0.1", "--port", "7009"] + common + ["--tracking-uri", "http://127.0.0.1:7000"],
                    environment: ["UNLADEN_BACKEND_STORE_URI": "sqlite:///\(data)/registry.db"]),
            ])
    }

    @Test func `The tracking service gets the gateway's address if there is a gateway`() throws {
        try scratch.script("unladen-gateway", "exit 0")
        var plan = try plan()
        plan.definitions.append(.gateway(configuration: "g.yaml"))
        plan.ports["gateway"] = 7002
        let programs = try programs(plan)
        #expect(programs[0].arguments.contains(subsequence: ["--gateway-uri", "http://127.0.0.1:7002"]))
        #expect(programs[2].arguments.contains(subsequence: ["--config-path", "g.yaml"]))
    }

    @Test func `The gateway's usage log is in the data directory`() throws {
        try scratch.script("unladen-gateway", "exit 0")
        var plan = try plan()
        plan.definitions = [.gateway(configuration: "g.yaml")]
        plan.ports = ["gateway": 7002, "tracking": 7000]
        let usageLog = scratch.data.path + "/gateway-usage-log"
        #expect(try programs(plan)[0].arguments.contains(subsequence: ["--usage-log-dir", usageLog]))
    }

    @Test func `The flags for the web UI are passed on to the service that serves it`() throws {
        var plan = try plan()
        plan.webUIFlags = ["--mlflow-ui", "off", "--static-prefix", "/a"]
        let programs = try programs(plan)
        #expect(programs[0].arguments.suffix(4) == ["--mlflow-ui", "off", "--static-prefix", "/a"])
        #expect(!programs[1].arguments.contains("--static-prefix"))
    }

    @Test func `A password is passed on where other users can't see it`() throws {
        let uri = "postgresql://user:secret@db/unladen"
        for program in try programs(plan([], ["--backend-store-uri", uri])) {
            #expect(program.environment["UNLADEN_BACKEND_STORE_URI"] == uri)
            #expect(!program.arguments.joined().contains("secret"))
        }
    }

    @Test func `The allowed artifact roots are passed on to all services that access artifacts`() throws {
        let flags = ["--artifacts-destination", "s3://a/b", "--allowed-artifact-roots", "s3://c,s3://d/e"]
        #expect(try programs(plan([], flags))[0].arguments.contains(subsequence: flags))
        let stores = try StoreLocations(StoreOptions.parse(["--data-dir", scratch.data.path] + flags))
        let tasks =
            GarbageCollectionTask(olderThan: "1d", stores: stores, binaryDirectory: scratch.binaryDirectory).tasks
            + MLflowImportTask(source: "sqlite:///x", artifacts: nil, stores: stores, binaryDirectory: scratch.binaryDirectory).tasks
            .prefix(1)
        for task in tasks { #expect(task.program.arguments.contains(subsequence: flags)) }
    }

    @Test func `The error for a database that can't be shared contains no password`() throws {
        let error = #expect(throws: ConfigurationError.self) { try plan([], ["--backend-store-uri", "mysql://user:hunter2@db/x"]) }
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test(arguments: [("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]"), ("10.1.2.3", "10.1.2.3")])
    func `Services call each other at an address that accepts connections`(host: String, called: String) throws {
        let tracking = try programs(plan(["--host", host]))[0]
        #expect(tracking.arguments.contains("http://\(called):7009"))
        #expect(tracking.arguments.starts(with: ["--host", host]))
    }

    @Test func `One SQLite file for all services is rejected`() throws {
        #expect(throws: ConfigurationError.self) { try plan([], ["--backend-store-uri", "sqlite:///x.db"]) }
    }

    @Test func `The error for a missing program contains its path`() throws {
        try FileManager.default.removeItem(atPath: scratch.binaryDirectory + "/unladen-registry")
        let error = #expect(throws: ConfigurationError.self) { try programs(plan()) }
        #expect(error?.description.contains(scratch.binaryDirectory + "/unladen-registry") == true)
    }

    @Test func `A port in use is replaced by a free one, except the first service's`() async throws {
        // An address that no other test uses, and ports outside the kernel's ephemeral range.
        let host = "127.0.77.1"
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        let taken = try await bootstrap.bind(host: host, port: Int.random(in: 10_001..<16_000)).get()
        let port = try #require(taken.localAddress?.port)

        let choice = try await PortAllocator.allocate(for: ServiceDefinition.suite, host: host, port: port - 1)
        let registry = try #require(choice.ports["registry"])
        #expect(choice.ports["tracking"] == port - 1)
        #expect(registry != port)
        #expect(choice.warnings == ["port \(port) is in use; registry listens on port \(registry) instead"])

        let error = await #expect(throws: ConfigurationError.self) {
            _ = try await PortAllocator.allocate(for: ServiceDefinition.suite, host: host, port: port)
        }
        #expect(error?.description == "Can't listen on \(host):\(port): address already in use. Choose another port with --port.")
        try await taken.close()
    }

    @Test func `After the highest port, services get free ones`() async throws {
        let choice = try await PortAllocator.allocate(for: ServiceDefinition.suite, host: "127.0.77.2", port: 65535)
        let registry = try #require(choice.ports["registry"])
        #expect(choice.ports["tracking"] == 65535)
        #expect(choice.warnings == ["there is no port 65536; registry listens on port \(registry) instead"])
    }

    @Test func `A host that can't be resolved is an invalid argument`() async {
        let error = await #expect(throws: ListenError.self) {
            _ = try await PortAllocator.allocate(for: ServiceDefinition.suite, host: "nowhere.invalid", port: 0)
        }
        #expect(error?.configurationError.description.hasPrefix("Can't listen on nowhere.invalid:0: ") == true)
    }

    @Test func `With port 0, every service gets its own free port`() async throws {
        let choice = try await PortAllocator.allocate(for: ServiceDefinition.suite, host: "127.0.0.1", port: 0)
        #expect(Set(choice.ports.values).count == 2)
        #expect(choice.warnings.isEmpty)
    }
}

extension [String] {
    fileprivate func contains(subsequence: [String]) -> Bool {
        indices.contains { self[$0...].starts(with: subsequence) }
    }
}
