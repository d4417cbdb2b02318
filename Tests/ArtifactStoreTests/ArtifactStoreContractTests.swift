import ArtifactStore
import NIOCore
import Testing

/// The contract of all stores, tested on each.
@Suite struct ArtifactStoreContractTests {
    @Test(arguments: StoreKind.allCases)
    func `A written file can be read`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let path = try ArtifactPath("model/data/weights.bin")
            let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            try await store.write(path, size: Int64(bytes.count), body: ChunkedBody(bytes, chunk: 7001))
            let content = try await store.read(path)
            #expect(content.size == 300_000)
            #expect(content.range == 0..<300_000)
            #expect(try await content.bytes() == bytes)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `A file may be empty`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let path = try ArtifactPath("empty")
            try await store.write(path, size: 0, body: ChunkedBody([]))
            let content = try await store.read(path)
            #expect(content.size == 0)
            #expect(try await content.bytes().isEmpty)
            #expect(try await store.list(.root) == [ArtifactInfo(name: "empty", kind: .file(size: 0))])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `Writing again replaces the file`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let path = try ArtifactPath("a/b.txt")
            try await store.write(path, "a long first text")
            try await store.write(path, "short")
            #expect(try await store.text(path) == "short")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `A reader keeps the version it opened`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let path = try ArtifactPath("v")
            try await store.write(path, "first")
            let opened = try await store.read(path)
            try await store.write(path, "second")
            #expect(try await opened.bytes() == Array("first".utf8))
        }
    }

    @Test(
        arguments: StoreKind.allCases,
        [
            "plain", "with space", "plus+sign", "tilde~", "100%", "ünï/cödé", "日本語/файл", "emoji-😀", "a&b=c",
            "quote'\"<>",
            "semi;colon:", "@$!*(),[]{}|^`", "nl%0A", "trailing.", "-dash", "__init__.py", "e\u{301}",
        ])
    func `A name may contain any characters`(kind: StoreKind, name: String) async throws {
        try await kind.withStore { store in
            let path = try ArtifactPath(name)
            try await store.write(path, name)
            #expect(try await store.text(path) == name)
            #expect(try await store.list(path.parent).map(\.name) == [path.name])
            try await store.delete(path)
            #expect(try await store.list(path.parent).isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `A listing has one level, sorted by bytes, with sizes`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            for (name, text) in [
                ("d/b", "12"), ("d/a/x", "1"), ("d/B", "123"), ("d/é", ""), ("d/a.txt", "1"), ("e", ""),
            ] {
                try await store.write(ArtifactPath(name), text)
            }
            let expected = [
                ArtifactInfo(name: "B", kind: .file(size: 3)), ArtifactInfo(name: "a", kind: .directory),
                ArtifactInfo(name: "a.txt", kind: .file(size: 1)), ArtifactInfo(name: "b", kind: .file(size: 2)),
                ArtifactInfo(name: "é", kind: .file(size: 0)),
            ]
            #expect(try await store.list(ArtifactPath("d")) == expected)
            #expect(try await store.list(.root).map(\.name) == ["d", "e"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `A listing of a missing path or a file is empty`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.write(ArtifactPath("d/file"), "x")
            for path in ["none", "d/none", "d/file", "d/file/below", "d/fil"] {
                #expect(try await store.list(ArtifactPath(path)).isEmpty)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `Reading a missing file fails with MLflow's message`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.write(ArtifactPath("d/file"), "x")
            for path in ["none", "d/none", "d/file/below", "d/fil"] {
                let error = await #expect(throws: ArtifactError.self) { try await store.read(ArtifactPath(path)) }
                #expect(error?.code == .notFound)
                #expect(error?.message == "No such artifact: '\(path)'")
            }
            for path in ["", "d"] {
                let error = await #expect(throws: ArtifactError.self) { try await store.read(ArtifactPath(path)) }
                #expect(error?.code == .isDirectory)
                #expect(error?.message == "Artifact path refers to a directory, not a file: '\(path)'")
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `Reading a range returns its bytes and the size of the file`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let path = try ArtifactPath("digits")
            try await store.write(path, "0123456789")
            let ranges: [(ByteRange, String, Range<Int64>)] = [
                (.bytes(first: 2, last: 4), "234", 2..<5), (.bytes(first: 7, last: nil), "789", 7..<10),
                (.bytes(first: 8, last: 99), "89", 8..<10), (.suffix(count: 3), "789", 7..<10),
                (.suffix(count: 99), "0123456789", 0..<10), (.bytes(first: 0, last: 0), "0", 0..<1),
            ]
            for (range, text, resolved) in ranges {
                let content = try await store.read(path, range: range)
                #expect(content.size == 10)
                #expect(content.range == resolved)
                #expect(try await content.bytes() == Array(text.utf8))
            }
            #expect(
                try await code { _ = try await store.read(path, range: .bytes(first: 10, last: nil)) } == .invalidRange)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `Deleting removes a file, or a directory with its contents, and nothing else`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            for name in ["m/a", "m/b/c", "m/b/d/e", "m2/x", "m.txt", "n"] {
                try await store.write(ArtifactPath(name), name)
            }
            try await store.delete(ArtifactPath("m/a"))
            #expect(try await store.list(ArtifactPath("m")).map(\.name) == ["b"])
            try await store.delete(ArtifactPath("m"))
            #expect(try await store.list(.root).map(\.name) == ["m.txt", "m2", "n"])
            try await store.delete(ArtifactPath("m"))
            try await store.delete(ArtifactPath("never/was"))
            #expect(try await code { try await store.delete(.root) } == .invalidPath)
            try await store.deleteEverything()
            #expect(try await store.list(.root).isEmpty)
            try await store.write(ArtifactPath("n"), "again")
            #expect(try await store.text(ArtifactPath("n")) == "again")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `A failing body leaves the previous file`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.write(ArtifactPath("kept"), "before")
            for count in [0, 100_000, 9_000_000] {
                let body = ChunkedBody(repeating: 1, count: count, isBroken: true)
                for path in ["kept", "new", "new/deeper/still"] {
                    await #expect(throws: ChunkedBody.Broken.self) {
                        try await store.write(ArtifactPath(path), size: nil, body: body)
                    }
                }
            }
            #expect(try await store.list(.root).map(\.name) == ["kept"])
            #expect(try await store.text(ArtifactPath("kept")) == "before")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `A body of a different length than announced is rejected`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            for (announced, actual) in [(10, 9), (10, 11), (0, 1), (9_000_000, 8_999_999), (8_500_000, 8_500_001)] {
                let body = ChunkedBody(repeating: 1, count: actual)
                let refusal = try await code {
                    try await store.write(ArtifactPath("f"), size: Int64(announced), body: body)
                }
                #expect(refusal == .invalidArgument)
            }
            #expect(try await code { try await store.write(ArtifactPath("f"), size: -1, body: ChunkedBody([])) } != nil)
            #expect(try await store.list(.root).isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `A cancelled upload leaves nothing`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            for count in [100_000, 9_000_000] {
                let body = StalledBody(chunk: ByteBuffer(repeating: 1, count: count))
                let upload = Task { try await store.write(ArtifactPath("d/f"), size: nil, body: body) }
                await body.waitUntilStalled()
                upload.cancel()
                await #expect(throws: CancellationError.self) { try await upload.value }
                let left = try await store.list(.root)
                #expect(left.isEmpty)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `One of several concurrent writers of a path wins, and files are never mixed`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let path = try ArtifactPath("shared/file")
            let size = 400_000
            try await withThrowingTaskGroup { group in
                for writer in 1...8 {
                    group.addTask {
                        for _ in 0..<4 {
                            let body = ChunkedBody(repeating: UInt8(writer), count: size, chunk: 50_000)
                            try await store.write(path, size: Int64(size), body: body)
                        }
                    }
                }
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<8 {
                            do {
                                let bytes = try await store.read(path).bytes()
                                #expect(bytes.count == size)
                                #expect(Set(bytes).count == 1)
                            } catch let error as ArtifactError {
                                #expect(error.code == .notFound, "before the first writer is done")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.list(path.parent).map(\.name) == ["file"])
            #expect(Set(try await store.read(path).bytes()).count == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `A file of many parts and odd chunks arrives completely`(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let path = try ArtifactPath("large")
            // Each chunk has a different byte; none ends at the end of a part.
            var body = ChunkedBody([])
            body.chunks = (1...19).map { ByteBuffer(repeating: $0, count: 1_048_577) }
            var whole = ByteBuffer()
            for chunk in body.chunks { whole.writeImmutableBuffer(chunk) }
            for size in [nil, Int64(whole.readableBytes)] {
                try await store.write(path, size: size, body: body)
                let content = try await store.read(path)
                #expect(content.size == Int64(whole.readableBytes))
                var received = ByteBuffer()
                for try await chunk in content.body { received.writeImmutableBuffer(chunk) }
                #expect(received == whole)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `A working store is reachable`(kind: StoreKind) async throws {
        try await kind.withStore { store in try await store.checkReachable() }
    }
}
