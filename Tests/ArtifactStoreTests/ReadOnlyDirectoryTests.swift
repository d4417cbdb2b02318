import ArtifactStore
import Foundation
import NIOCore
import TestSupport
import Testing

@Suite struct ReadOnlyDirectoryTests {
    private func read(_ paths: [String], in folder: String) async throws -> (text: String, index: Int)? {
        let paths = try paths.map { try ArtifactPath($0) }
        guard let (file, index) = try await ReadOnlyDirectory(path: folder).openFirst(of: paths) else { return nil }
        var bytes: [UInt8] = []
        for try await chunk in file.body { bytes += chunk.readableBytesView }
        #expect(file.size == bytes.count)
        return (String(decoding: bytes, as: UTF8.self), index)
    }

    @Test func `The first existing file is opened`() async throws {
        try await withTemporaryDirectory { folder in
            try Data("b".utf8).write(to: URL(fileURLWithPath: folder + "/b"))
            let found = try #require(try await read(["a", "b", "c"], in: folder))
            #expect(found == ("b", 1))
            #expect(try await read(["a", "c"], in: folder) == nil)
            #expect(try await read([], in: folder) == nil)
        }
    }

    @Test func `A large file is read completely`() async throws {
        try await withTemporaryDirectory { folder in
            let text = String(repeating: "0123456789", count: 200_000)
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/large"))
            #expect(try await read(["large"], in: folder)?.text == text)
        }
    }

    @Test func `Links, directories, pipes and the root aren't files`() async throws {
        try await withTemporaryDirectory { parent in
            let folder = parent + "/root"
            try FileManager.default.createDirectory(atPath: folder + "/sub", withIntermediateDirectories: true)
            try Data("secret".utf8).write(to: URL(fileURLWithPath: parent + "/secret"))
            try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "../secret")
            try FileManager.default.createSymbolicLink(atPath: folder + "/up", withDestinationPath: "..")
            try #require(mkfifo(folder + "/pipe", 0o600) == 0)
            for path in ["link", "up/secret", "up/root/link", "sub", "pipe", "", "sub/x", "secret/x", String(repeating: "x", count: 300)] {
                #expect(try await read([path], in: folder) == nil, "\(path)")
            }
            // The directory itself may be a link, as in deployments that switch between versions.
            try Data("new".utf8).write(to: URL(fileURLWithPath: folder + "/file"))
            try FileManager.default.createSymbolicLink(atPath: parent + "/current", withDestinationPath: "root")
            #expect(try await read(["file"], in: parent + "/current")?.text == "new")
        }
    }

    @Test func `A missing directory has no files`() async throws {
        #expect(try await read(["x"], in: "/nonexistent-\(UUID().uuidString)") == nil)
    }
}
