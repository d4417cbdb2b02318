import Foundation
import Launcher
import ServiceKit
import TestSupport
import Testing

@Suite struct DataDirectoryTests {
    let scratch: ScratchDirectory

    init() throws {
        scratch = try ScratchDirectory()
    }

    @Test func `The directory is accessible to its owner only, and an existing one is unchanged`() throws {
        try scratch.data.create()
        let mode = try FileManager.default.attributesOfItem(atPath: scratch.data.path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o700)
        try Data("x".utf8).write(to: URL(fileURLWithPath: scratch.data.file("kept")))
        try scratch.data.create()
        #expect(FileManager.default.fileExists(atPath: scratch.data.file("kept")))
    }

    @Test func `The error for a directory that can't be created contains its path and the reason`() throws {
        try Data().write(to: URL(fileURLWithPath: scratch.file("data")))
        let error = #expect(throws: ConfigurationError.self) { try DataDirectory(path: scratch.data.path + "/below").create() }
        #expect(error?.description.contains(scratch.data.path) == true)
    }

    @Test func `Only one process can lock the directory, and the error for others contains its ID`() throws {
        try scratch.data.create()
        #expect(scratch.data.owner == nil)
        do {
            let lock = try scratch.data.lock()
            #expect(scratch.data.owner == getpid())
            let error = #expect(throws: ConfigurationError.self) { try scratch.data.lock() }
            #expect(error?.description.contains("another suite (process \(getpid())) is running on \(scratch.data.path)") == true)
            withExtendedLifetime(lock) {}
        }
        #expect(scratch.data.owner == nil)
        _ = try scratch.data.lock()
    }

    @Test func `The state file is read back unchanged`() throws {
        try scratch.data.create()
        let file = StateFile(in: scratch.data)
        #expect(try file.read() == nil)
        let state = SuiteState(
            launcher: 12, version: "1.2.3", startedAt: Date(timeIntervalSince1970: 1_700_000_000),
            services: [
                ServiceState(
                    name: "tracking", url: "http://127.0.0.1:5000", phase: .waiting, pid: nil,
                    startedAt: Date(timeIntervalSince1970: 1_700_000_001), restarts: 3, lastEnd: "exited with code 1",
                    reason: "exited with code 1"),
                ServiceState(name: "registry", url: "http://127.0.0.1:5001", phase: .ready, pid: 13),
            ])
        try file.write(state)
        #expect(try file.read() == state)
        file.remove()
        #expect(try file.read() == nil)
    }

    @Test func `The files are accessible to their owner only, even in a directory that everyone can read`() throws {
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

    @Test func `No suite is running on a directory that isn't locked, regardless of the state file`() async throws {
        try scratch.data.create()
        let state = SuiteState(
            launcher: getpid(), version: "1", startedAt: Date(), services: [ServiceState(name: "a", url: "", pid: getpid())])
        try StateFile(in: scratch.data).write(state)
        let report = try await StatusReport.make(for: scratch.data)
        #expect(!report.isHealthy)
        #expect(report.text == "No suite is running on \(scratch.data.path).")
    }
}
