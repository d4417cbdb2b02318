import Foundation
import Launcher
import ServiceKit
import Testing

@Suite struct DataDirectoryTests {
    let scratch: ScratchDirectory

    init() throws {
        scratch = try ScratchDirectory()
    }

    @Test func `The folder is for its owner only, and stays as it is when it is there`() throws {
        try scratch.data.create()
        let mode = try FileManager.default.attributesOfItem(atPath: scratch.data.path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o700)
        try Data("x".utf8).write(to: URL(fileURLWithPath: scratch.data.file("kept")))
        try scratch.data.create()
        #expect(FileManager.default.fileExists(atPath: scratch.data.file("kept")))
    }

    @Test func `A folder that can't be made is named with the reason`() throws {
        try Data().write(to: URL(fileURLWithPath: scratch.file("data")))
        let error = #expect(throws: ConfigurationError.self) { try DataDirectory(path: scratch.data.path + "/below").create() }
        #expect(error?.description.contains(scratch.data.path) == true)
    }

    @Test func `Only one can have the folder, and the others learn who has it`() throws {
        try scratch.data.create()
        #expect(scratch.data.owner == nil)
        do {
            let lock = try scratch.data.lock()
            #expect(scratch.data.owner == getpid())
            let error = #expect(throws: ConfigurationError.self) { try scratch.data.lock() }
            #expect(error?.description.contains("another unladen (process \(getpid())) works on \(scratch.data.path)") == true)
            withExtendedLifetime(lock) {}
        }
        #expect(scratch.data.owner == nil)
        _ = try scratch.data.lock()
    }

    @Test func `What is written to the state file is read again`() throws {
        try scratch.data.create()
        let file = StateFile(in: scratch.data)
        #expect(try file.read() == nil)
        let state = SuiteState(
            launcher: 12, version: "1.2.3", startedAt: Date(timeIntervalSince1970: 1_700_000_000),
            services: [
                ServiceState(
                    name: "tracking", url: "http://127.0.0.1:5000", phase: .waiting, pid: nil,
                    startedAt: Date(timeIntervalSince1970: 1_700_000_001), restarts: 3, lastEnd: "ended with code 1",
                    reason: "ended with code 1"),
                ServiceState(name: "registry", url: "http://127.0.0.1:5001", phase: .ready, pid: 13),
            ])
        try file.write(state)
        #expect(try file.read() == state)
        file.remove()
        #expect(try file.read() == nil)
    }

    @Test func `The files are for their owner only, in a folder that everybody may read`() throws {
        umask(0o022)
        try FileManager.default.createDirectory(
            atPath: scratch.data.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        let lock = try scratch.data.lock()
        let file = StateFile(in: scratch.data)
        for version in ["1", "2"] { try file.write(SuiteState(launcher: 1, version: version, startedAt: Date(), services: [])) }
        #expect(try file.read()?.version == "2")
        for name in try FileManager.default.contentsOfDirectory(atPath: scratch.data.path) {
            let mode = try FileManager.default.attributesOfItem(atPath: scratch.data.file(name))[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600, "\(name)")
        }
        withExtendedLifetime(lock) {}
    }

    @Test func `Nothing runs on a folder that nobody has locked, whatever a state file says`() async throws {
        try scratch.data.create()
        let state = SuiteState(
            launcher: getpid(), version: "1", startedAt: Date(), services: [ServiceState(name: "a", url: "", pid: getpid())])
        try StateFile(in: scratch.data).write(state)
        let report = try await StatusReport.make(for: scratch.data)
        #expect(!report.isHealthy)
        #expect(report.text == "no unladen works on \(scratch.data.path)")
    }
}
