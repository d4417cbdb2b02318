import ArtifactStore
import Foundation
import NIOCore
import TestSupport
import Testing

@Suite struct ReadOnlyDirectoryTests {
    private func read(_ paths: [String], in directory: String) async throws -> (text: String, index: Int)? {
        let paths = try paths.map { try ArtifactPath($0) }
        guard let (file, index) = try await ReadOnlyDirectory(path: directory).openFirst(of: paths) else { return nil }
        var bytes: [UInt8] = []
        for try await chunk in file.body { bytes += chunk.readableBytesView }
        #expect(file.size == bytes.count)
        return (String(decoding: bytes, as: UTF8.self), index)
    }

    @Test func `The first existing file is opened`() async throws {
        try await withTemporaryDirectory { directory in
            try Data("b".utf8).write(to: URL(fileURLWithPath: directory + "/b"))
            let found = try #require(try await read(["a", "b", "c"], in: directory))
            #expect(found == ("b", 1))
            #expect(try await read(["a", "c"], in: directory) == nil)
            #expect(try await read([], in: directory) == nil)
        }
    }

    @Test func `A large file is read completely`() async throws {
        try await withTemporaryDirectory { directory in
            let text = String(repeating: "0123456789", count: 200_000)
            try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/large"))
            #expect(try await read(["large"], in: directory)?.text == text)
        }
    }

    @Test func `Links, directories, pipes and the root aren't files`() async throws {
        try await withTemporaryDirectory { parent in
            let directory = parent + "/root"
            try FileManager.default.createDirectory(atPath: directory + "/sub", withIntermediateDirectories: true)
            try Data("secret".utf8).write(to: URL(fileURLWithPath: parent + "/secret"))
            try FileManager.default.createSymbolicLink(atPath: directory + "/link", withDestinationPath: "../secret")
            try FileManager.default.createSymbolicLink(atPath: directory + "/up", withDestinationPath: "..")
            try #require(mkfifo(directory + "/pipe", 0o600) == 0)
            for path in ["link", "up/secret", "up/root/link", "sub", "pipe", "", "sub/x", "secret/x", String(repeating: "x", count: 300)] {
                #expect(try await read([path], in: directory) == nil, "\(path)")
            }
            // The directory itself may be a link, as in deployments that switch between versions.
            try Data("new".utf8).write(to: URL(fileURLWithPath: directory + "/file"))
            try FileManager.default.createSymbolicLink(atPath: parent + "/current", withDestinationPath: "root")
            #expect(try await read(["file"], in: parent + "/current")?.text == "new")
        }
    }

    @Test func `A missing directory has no files`() async throws {
        #expect(try await read(["x"], in: "/nonexistent-\(UUID().uuidString)") == nil)
    }
}
