import TestSupport
import Testing

@testable import ArtifactStore

@Suite struct ArtifactPathTests {
    @Test(arguments: [
        ("", ""), (".", ""), ("./", ""), ("a", "a"), ("a/b.txt", "a/b.txt"), ("a//b", "a/b"), ("a/./b/", "a/b"),
        ("a%2Fb", "a/b"), ("x%2520y", "x y"), ("100%.txt", "100%.txt"), ("%zz", "%zz"), ("a+b", "a+b"),
        ("..a/b..", "..a/b.."), ("...", "..."), ("ab:c", "ab:c"), ("files:x", "files:x"), ("semi;colon", "semi;colon"),
        ("%E2%98%83/\u{1F600}", "☃/😀"),
    ])
    func `A safe path is decoded and normalized`(raw: String, expected: String) throws {
        #expect(try ArtifactPath(raw).description == expected)
    }

    @Test func `Parsing a path again yields the same path`() throws {
        for raw in ["a b/%25/c%0Ad", "100%/%%41", "x%2520y", "%%0a", "tab%09", "☃/%7f"] {
            let path = try ArtifactPath(raw)
            #expect(try ArtifactPath(path.description) == path)
        }
    }

    @Test func `Control characters are escaped as in MLflow`() throws {
        #expect(try ArtifactPath("nl%0Ax/bel%07/del%7F").description == "nl%0ax/bel%07/del%7f")
    }

    @Test(arguments: Corpus.dangerous, Corpus.encoders)
    func `A dangerous path is rejected in any encoding`(path: String, encoder: Corpus.Encoder) {
        let error = #expect(throws: ArtifactError.self) { try ArtifactPath(encoder.encode(path)) }
        #expect(error?.code == .invalidPath)
        #expect(error?.message == "Invalid path")
    }

    @Test(arguments: Corpus.overlong)
    func `Invalid UTF-8 is rejected`(raw: String) {
        #expect(throws: ArtifactError.self) { try ArtifactPath(raw) }
    }

    @Test func `A path that is encoded more than nine times is rejected`() throws {
        func encoded(times: Int) -> String { "%" + String(repeating: "25", count: times - 1) + "41" }
        #expect(try ArtifactPath(encoded(times: 9)).description == "A")
        #expect(throws: ArtifactError.self) { try ArtifactPath(encoded(times: 10)) }
        #expect(throws: ArtifactError.self) { try ArtifactPath(encoded(times: 1000)) }
    }

    @Test func `No accepted path can escape the root`() throws {
        var generator = SplitMix64(seed: 7)
        let pieces = [
            "..", ".", "/", "\\", "%", "2e", "2E", "%2e", "%2f", "%5c", "%25", "25", "2f", "5c", "00", "C:", "file:",
            "a", "\u{338}", "\u{301}", "é", "．", "／", "\u{0}", "\n", "%c0%ae", "%ff", "#", "?", ":",
        ]
        var accepted = 0
        for _ in 0..<20_000 {
            let raw = (0..<Int.random(in: 1...9, using: &generator))
                .compactMap { _ in pieces.randomElement(using: &generator) }.joined()
            guard let path = try? ArtifactPath(raw) else { continue }
            accepted += 1
            let isSafe = path.segments.allSatisfy(Corpus.isHarmless) && path.description.utf8.first != UInt8(ascii: "/")
            if !isSafe || (try? ArtifactPath(path.description)) != path { Issue.record("\(raw.debugDescription)") }
        }
        #expect(accepted > 1000)
    }

    @Test func `A slash with a combining mark still separates`() throws {
        #expect(try ArtifactPath("a/\u{338}b").segments.count == 2)
        #expect(throws: ArtifactError.self) { try ArtifactPath("a/\u{338}/../b") }
        #expect(throws: ArtifactError.self) { try ArtifactPath("/\u{338}b") }
    }

    @Test func `Canonically equivalent paths are different`() throws {
        let (composed, decomposed) = (try ArtifactPath("caf\u{E9}"), try ArtifactPath("cafe\u{301}"))
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
    }

    @Test(arguments: ["", "a/", "a/b%2F", "a/.", "."])
    func `A file path can't end with a slash`(raw: String) {
        let error = #expect(throws: ArtifactError.self) { try ArtifactPath(file: raw) }
        #expect(error?.message == "Artifact path must include a filename (cannot end with '/').")
    }

    @Test func `A file path may be any other path`() throws {
        #expect(try ArtifactPath(file: "a/b.txt") == ArtifactPath("a/b.txt"))
        #expect(throws: ArtifactError.self) { try ArtifactPath(file: "../a") }
    }

    @Test func `A path has a parent and a name, and another path can be appended`() throws {
        let path = try ArtifactPath("1/run/artifacts")
        #expect(path.name == "artifacts")
        #expect(path.parent == (try ArtifactPath("1/run")))
        #expect(try path.appending(ArtifactPath("m/x")).description == "1/run/artifacts/m/x")
        #expect(ArtifactPath.root.name == nil)
        #expect(ArtifactPath.root.parent == .root)
    }

    @Test func `A path that is too long or too deep is rejected`() throws {
        let longest = String(repeating: "a", count: ArtifactPath.maximumBytes - 1)
        #expect(try ArtifactPath(longest).segments == [longest])
        #expect(throws: ArtifactError.self) { try ArtifactPath(longest + "a") }
        let deepest = Array(repeating: "a", count: ArtifactPath.maximumSegments).joined(separator: "/")
        let path = try ArtifactPath(deepest)
        #expect(throws: ArtifactError.self) { try ArtifactPath(deepest + "/a") }
        #expect(throws: ArtifactError.self) { try path.appending(ArtifactPath("a")) }
    }
}

/// Known attacks on MLflow and other servers.
enum Corpus {
    static let dangerous = [
        "..", "../x", "a/..", "a/../b", "a/../../b", "./../x", "a//../b", "x/y/z/../../../../etc/passwd",
        "/", "/etc/passwd", "//etc/passwd", "//host/share/x", "/a/../b",
        "..\\x", "a\\..\\b", "\\x", "\\\\host\\share\\x", "a\\b", "C:\\x", "C:/x", "c:x", "C:", "z:/../x",
        "file:rel", "file:/etc/passwd", "file:///etc/passwd", "FiLe:///x", "file://host/x",
        "a#b", "#", "../x#", "a?b", "?", "a/b?c=../d", "a\u{0}b", "a\u{0}/../b", "\u{0}",
    ]

    struct Encoder: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let encode: @Sendable (String) -> String
    }

    static let encoders = [
        Encoder(testDescription: "not at all") { $0 },
        Encoder(testDescription: "once") { every($0) },
        Encoder(testDescription: "twice") { every(every($0)) },
        Encoder(testDescription: "three times") { every(every(every($0))) },
        Encoder(testDescription: "once in lower case") { every($0).lowercased() },
        Encoder(testDescription: "the special characters only") { special($0) },
        Encoder(testDescription: "the special characters twice") { special($0).replacingPercent() },
        Encoder(testDescription: "every other byte") { everyOther($0) },
        Encoder(testDescription: "every other byte, then all") { every(everyOther($0)) },
        Encoder(testDescription: "nested in its own digits") { nested($0) },
    ]

    /// Overlong encodings of dots and slashes, surrogates, and bytes that never occur in UTF-8.
    static let overlong = [
        "%c0%ae%c0%ae/x", "%c0%af", "%e0%80%ae%e0%80%ae", "%f0%80%80%ae/x", "%c0%2e", "%c1%9c", "%fe", "%ff", "a/%80b",
        "%ed%a0%80", "%f4%90%80%80", "%25c0%25ae", "%e2%98", "x%c3/y",
    ]

    static func isHarmless(_ segment: String) -> Bool {
        let bytes = Array(segment.utf8)
        return !bytes.isEmpty && bytes != Array("..".utf8) && bytes != Array(".".utf8)
            && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F && !"/\\#?".utf8.contains($0) }
    }

    private static func percent(_ byte: UInt8) -> String {
        "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    private static func every(_ text: String) -> String { text.utf8.map(percent).joined() }

    private static func special(_ text: String) -> String {
        text.utf8.map { byte in
            byte > 0x20 && Character(Unicode.Scalar(byte)).isLetter
                ? String(Character(Unicode.Scalar(byte))) : percent(byte)
        }.joined()
    }

    private static func everyOther(_ text: String) -> String {
        text.utf8.enumerated().map { index, byte in
            index.isMultiple(of: 2) ? percent(byte) : String(Character(Unicode.Scalar(byte)))
        }.joined()
    }

    /// `%2e` as `%%32%65`, which only becomes an escape once its digits are decoded.
    private static func nested(_ text: String) -> String {
        text.utf8.map { byte in "%" + every(String(percent(byte).dropFirst())) }.joined()
    }
}

extension String {
    fileprivate func replacingPercent() -> String {
        split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%25")
    }
}
