import Foundation
import NIOCore
import Testing

@testable import ArtifactStore

@Suite struct LocalArtifactStoreTests {
    let directory: TemporaryDirectory
    let store: LocalArtifactStore

    init() throws {
        directory = try TemporaryDirectory()
        store = try LocalArtifactStore(root: directory.path)
    }

    @Test func `Files and directories are accessible to their owner only`() async throws {
        try await store.write(ArtifactPath("a/b/c.txt"), "x")
        #expect(try directory.mode("a") == 0o700)
        #expect(try directory.mode("a/b") == 0o700)
        #expect(try directory.mode("a/b/c.txt") == 0o600)
    }

    @Test func `A link out of the root is neither read nor listed nor written through`() async throws {
        let outside = try TemporaryDirectory()
        try outside.write("secret", to: "secret")
        try outside.makeDirectory("sub")
        try directory.makeDirectory("in")
        for (name, target) in [
            ("file", outside.path + "/secret"), ("dir", outside.path), ("in/up", ".."), ("proc", "/proc/self/root"),
            ("loop", "loop"), ("dangling", outside.path + "/new"),
            ("relative", "../" + outside.path.split(separator: "/").last!),
        ] {
            try directory.link(name, to: target)
        }
        for path in [
            "file", "dir/secret", "dir", "dir/sub/x", "in/up/file", "proc/etc/passwd", "loop", "loop/x",
            "dangling", "relative/secret",
        ] {
            let path = try ArtifactPath(path)
            let refusal = try await code { _ = try await store.read(path) }
            #expect(refusal == .invalidPath, "\(path)")
        }
        for path in ["dir", "dir/sub", "in/up", "proc/etc", "relative"] {
            let path = try ArtifactPath(path)
            #expect(try await code { _ = try await store.list(path) } == .invalidPath, "\(path)")
            let below = try path.appending(ArtifactPath("planted"))
            #expect(try await code { try await store.write(below, "x") } == .invalidPath, "\(path)")
            #expect(try await code { try await store.delete(below) } == .invalidPath, "\(path)")
        }
        #expect(try await store.list(.root).map(\.name) == ["in"])
        #expect(try await store.list(ArtifactPath("in")).isEmpty)
        #expect(try outside.everything() == ["secret", "sub"])
    }

    @Test func `Writing over a link replaces the link`() async throws {
        let outside = try TemporaryDirectory()
        try outside.write("secret", to: "secret")
        try directory.link("link", to: outside.path + "/secret")
        try directory.link("dangling", to: outside.path + "/new")
        for name in ["link", "dangling"] {
            try await store.write(ArtifactPath(name), "mine")
            #expect(try await store.text(ArtifactPath(name)) == "mine")
        }
        #expect(try outside.text("secret") == "secret")
        #expect(try outside.everything() == ["secret"])
    }

    @Test func `Deleting removes links but never their targets`() async throws {
        let outside = try TemporaryDirectory()
        try outside.makeDirectory("sub")
        try outside.write("secret", to: "sub/secret")
        try directory.makeDirectory("d/e")
        try directory.link("d/dir", to: outside.path)
        try directory.link("d/e/file", to: outside.path + "/sub/secret")
        try directory.link("top", to: outside.path)
        try await store.delete(ArtifactPath("d"))
        try await store.delete(ArtifactPath("top"))
        #expect(try directory.everything().isEmpty)
        #expect(try outside.everything() == ["sub", "sub/secret"])
    }

    @Test func `The root itself may be a link`() async throws {
        let other = try TemporaryDirectory()
        try other.link("root", to: directory.path)
        let linked = try LocalArtifactStore(root: other.path + "/root")
        try await linked.write(ArtifactPath("a"), "x")
        #expect(try await store.text(ArtifactPath("a")) == "x")
        try await linked.deleteEverything()
        #expect(try directory.everything().isEmpty)
    }

    @Test func `Pipes aren't artifacts, and opening one doesn't block`() async throws {
        #expect(mkfifo(directory.path + "/pipe", 0o600) == 0)
        #expect(try await store.list(.root).isEmpty)
        #expect(try await code { _ = try await store.read(ArtifactPath("pipe")) } == .notFound)
    }

    @Test func `A name that isn't UTF-8 isn't listed, but is deleted with its directory`() async throws {
        try await store.write(ArtifactPath("d/f"), "x")
        let name: [CChar] = Array((directory.path + "/d/").utf8CString.dropLast()) + [-1, -2, 0]
        close(creat(name, 0o600))
        #expect(try await store.list(ArtifactPath("d")).map(\.name) == ["f"])
        try await store.delete(ArtifactPath("d"))
        #expect(try directory.everything().isEmpty)
    }

    @Test func `A failed upload leaves no files`() async throws {
        let body = ChunkedBody(repeating: 1, count: 2_000_000, isBroken: true)
        await #expect(throws: ChunkedBody.Broken.self) {
            try await store.write(ArtifactPath("a/b"), size: nil, body: body)
        }
        #expect(try directory.everything().isEmpty)
    }

    @Test func `An upload in progress isn't visible`() async throws {
        let body = StalledBody(chunk: ByteBuffer(repeating: 1, count: 2_000_000))
        let upload = Task { [store] in try await store.write(ArtifactPath("a/b"), size: nil, body: body) }
        await body.waitUntilStalled()
        #expect(try await store.list(.root).isEmpty)
        upload.cancel()
        await #expect(throws: CancellationError.self) { try await upload.value }
        #expect(try directory.everything().isEmpty)
    }

    @Test(arguments: [true, false])
    func `A staged file appears atomically, replaces another, and can be discarded`(mayBeUnnamed: Bool) async throws {
        let root = try Directory(path: directory.path)
        let target = try root.makeDirectories(["d"])
        for text in ["first", "second"] {
            let staged = try StagedFile(in: root, mayBeUnnamed: mayBeUnnamed)
            var batch = ByteBatch()
            batch.append(ByteBuffer(string: text))
            try staged.write(batch)
            #expect(try await store.list(.root).map(\.name) == ["d"])
            try staged.publish(in: target, as: "f")
            staged.discard()
            #expect(try directory.text("d/f") == text)
            #expect(try directory.everything() == ["d", "d/f"])
        }
        let abandoned = try StagedFile(in: root, mayBeUnnamed: mayBeUnnamed)
        #expect(try await store.list(.root).map(\.name) == ["d"])
        abandoned.discard()
        #expect(try directory.everything() == ["d", "d/f"])
    }

    @Test func `A file can't replace a directory`() async throws {
        try await store.write(ArtifactPath("d/f"), "x")
        #expect(try await code { try await store.write(ArtifactPath("d"), "y") } == .isDirectory)
        #expect(try await code { try await store.write(.root, "y") } == .isDirectory)
        let staged = try StagedFile(in: try Directory(path: directory.path))
        let error = #expect(throws: SystemError.self) { try staged.publish(in: Directory(path: directory.path), as: "d") }
        #expect(error?.code == EISDIR)
        #expect(try directory.everything() == ["d", "d/f"])
    }

    @Test func `A directory can't replace a file`() async throws {
        try await store.write(ArtifactPath("f"), "x")
        #expect(try await code { try await store.write(ArtifactPath("f/g"), "y") } == .invalidPath)
        #expect(try await code { try await store.write(ArtifactPath("f/g/h"), "y") } == .invalidPath)
        #expect(try await store.text(ArtifactPath("f")) == "x")
    }

    @Test func `The names of files being written are reserved`() async throws {
        let name = ".artifact.uploading.x"
        let error = await #expect(throws: ArtifactError.self) { try await store.write(ArtifactPath(name), "x") }
        #expect(error?.code == .invalidPath)
        #expect(
            error?.message == "Invalid artifact file name: '.artifact.uploading.x'. "
                + "Artifact names starting with '.artifact.uploading.' are reserved.")
        try directory.write("MLflow's", to: name)
        #expect(try await store.list(.root).isEmpty)
    }

    @Test func `A name that the file system doesn't support is an invalid path`() async throws {
        let path = try ArtifactPath(String(repeating: "n", count: 300))
        #expect(try await code { try await store.write(path, "x") } == .invalidPath)
        #expect(try await code { _ = try await store.read(path) } == .invalidPath)
    }

    @Test func `The deepest path can be written, read and deleted`() async throws {
        let names = Array(repeating: "d", count: ArtifactPath.maximumSegments)
        let path = try ArtifactPath(names.joined(separator: "/"))
        try await store.write(path, "deep")
        #expect(try await store.text(path) == "deep")
        try await store.delete(ArtifactPath("d"))
        #expect(try directory.everything().isEmpty)
    }

    @Test func `A missing root is unavailable rather than empty`() async throws {
        try FileManager.default.removeItem(atPath: directory.path)
        let path = try ArtifactPath("a")
        #expect(try await code { _ = try await store.list(.root) } == .unavailable)
        #expect(try await code { _ = try await store.read(path) } == .unavailable)
        #expect(try await code { try await store.write(path, "x") } == .unavailable)
        #expect(try await code { try await store.delete(path) } == .unavailable)
        #expect(try await code { try await store.checkReachable() } == .unavailable)
        #expect(!FileManager.default.fileExists(atPath: directory.path))
    }

    @Test func `A root is created with its parents, and can't be a file`() async throws {
        let made = try LocalArtifactStore(root: directory.path + "/x/y//z/")
        try await made.checkReachable()
        try directory.write("", to: "file")
        #expect(throws: ArtifactError.self) { try LocalArtifactStore(root: directory.path + "/file") }
        #expect(throws: ArtifactError.self) { try LocalArtifactStore(root: directory.path + "/file/below") }
    }

    @Test(.enabled(if: geteuid() != 0, "The superuser is denied nothing"))
    func `An inaccessible directory is permission denied`() async throws {
        try await store.write(ArtifactPath("d/f"), "x")
        chmod(directory.path + "/d", 0)
        #expect(try await code { _ = try await store.read(ArtifactPath("d/f")) } == .permissionDenied)
        #expect(try await code { try await store.write(ArtifactPath("d/g"), "x") } == .permissionDenied)
        #expect(try await code { _ = try await store.list(ArtifactPath("d")) } == .permissionDenied)
        chmod(directory.path + "/d", 0o700)
        chmod(directory.path, 0o500)
        #expect(try await code { try await store.checkReachable() } == .permissionDenied)
        chmod(directory.path, 0o700)
    }

    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["UNLADEN_TEST_SMALL_FILE_SYSTEM"] != nil,
            "Set UNLADEN_TEST_SMALL_FILE_SYSTEM to a directory on a file system of less than 64 MB to fill it"))
    func `A full disk is out of space and leaves no files`() async throws {
        let root = try #require(ProcessInfo.processInfo.environment["UNLADEN_TEST_SMALL_FILE_SYSTEM"])
        let small = try LocalArtifactStore(root: root + "/full")
        let body = ChunkedBody(repeating: 1, count: 64 * 1024 * 1024)
        #expect(try await code { try await small.write(ArtifactPath("d/f"), size: nil, body: body) } == .outOfSpace)
        #expect(try await small.list(.root).isEmpty)
        try await small.write(ArtifactPath("d/g"), "fits")
        try await small.deleteEverything()
    }

    @Test(
        arguments: [
            (ENOSPC, .outOfSpace), (EDQUOT, .outOfSpace), (EFBIG, .outOfSpace), (EACCES, .permissionDenied),
            (EPERM, .permissionDenied), (EROFS, .permissionDenied), (EIO, .unavailable), (EMFILE, .unavailable),
            (ENOENT, .notFound), (ENOTDIR, .notFound), (EISDIR, .isDirectory), (ELOOP, .invalidPath),
        ] as [(CInt, ArtifactError.Code)])
    func `Each system error maps to an artifact error`(number: CInt, expected: ArtifactError.Code) {
        let error = ArtifactError(SystemError(call: "write", code: number), at: .root)
        #expect(error.code == expected)
        #expect(error.cause as? SystemError == SystemError(call: "write", code: number))
    }

    @Test func `Concurrent writes and deletes in one directory don't interfere`() async throws {
        try await withThrowingTaskGroup { group in
            for writer in 0..<4 {
                group.addTask { [store] in
                    for index in 0..<50 { try await store.write(ArtifactPath("d/e/\(writer)-\(index)"), "x") }
                }
            }
            group.addTask { [store] in
                for _ in 0..<50 {
                    // A directory that others keep filling may exhaust the attempts to empty it.
                    let failure = try await code { try await store.delete(ArtifactPath("d")) }
                    #expect(failure == nil || failure == .unavailable)
                }
            }
            try await group.waitForAll()
        }
        try await store.deleteEverything()
        #expect(try directory.everything().isEmpty)
    }

    @Test func `Ten thousand files are listed`() async throws {
        for index in 0..<10_000 { close(creat(directory.path + "/file-\(index)", 0o600)) }
        let names = try await store.list(.root).map(\.name)
        #expect(names.count == 10_000)
        #expect(names == names.sorted())
    }

    @Test func `A file that shrinks while it is being read is an error, not a short file`() async throws {
        let path = try ArtifactPath("f")
        try await store.write(path, size: nil, body: ChunkedBody(repeating: 1, count: 1_000_000))
        let content = try await store.read(path)
        #expect(truncate(directory.path + "/f", 300_000) == 0)
        #expect(try await code { _ = try await content.bytes() } == .unavailable)
    }
}
