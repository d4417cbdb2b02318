import ArtifactStore
import Foundation
import NIOCore
import Testing

@Suite struct FlatMemoryTests {
    /// Megabytes that the process has had in memory at most since ``resetPeak()``; nil where the system can't say.
    private func peak() throws -> Int? {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(separator: " ").compactMap { Int($0) }.first.map { $0 / 1024 }
    }

    private func resetPeak() throws {
        try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
    }

    @Test func `Three hundred megabytes in and out need little memory`() async throws {
        let folder = try TemporaryFolder()
        let store = try LocalArtifactStore(root: folder.path)
        let path = try ArtifactPath("large")
        let size = 300 * 1024 * 1024
        try resetPeak()
        let before = try #require(try peak())

        try await store.write(path, size: Int64(size), body: FreshChunks(count: size / 65_536, bytes: 65_536))
        var received = 0
        for try await chunk in try await store.read(path).body { received += chunk.readableBytes }

        #expect(received == size)
        // The other tests of the process run meanwhile; what is held by mistake would be 300 or 600.
        #expect(try #require(try peak()) - before < 200)
    }

    /// Each chunk is new memory, as it is from a socket.
    private struct FreshChunks: AsyncSequence, Sendable {
        typealias Element = ByteBuffer
        typealias Failure = Never

        let count: Int
        let bytes: Int

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: count, bytes: bytes) }

        struct AsyncIterator: AsyncIteratorProtocol {
            var rest: Int
            let bytes: Int

            mutating func next() async -> ByteBuffer? {
                guard rest > 0 else { return nil }
                rest -= 1
                return ByteBuffer(repeating: 7, count: bytes)
            }
        }
    }
}
