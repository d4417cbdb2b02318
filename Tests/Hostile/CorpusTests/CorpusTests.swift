import Foundation
import TestSupport
import Testing

/// Replays inputs that reach different code, found by fuzzing, and inputs that once caused failures. A trap ends the test run, and its
/// output names the target.
@Suite(.serialized) struct CorpusTests {
    private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Corpus")

    /// The inputs of a target, sorted by file name.
    private static func inputs(of name: String) throws -> [(name: String, bytes: [UInt8])] {
        let directory = directory.appendingPathComponent(name)
        return try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted().map { file in
            (file, Array(try Data(contentsOf: directory.appendingPathComponent(file))))
        }
    }

    @Test func `Every target has a corpus, and every corpus a target`() throws {
        let directories = try FileManager.default.contentsOfDirectory(atPath: Self.directory.path).sorted()
        #expect(directories == FuzzTarget.all.map(\.name))
    }

    @Test(arguments: FuzzTarget.all)
    func `Every input of the corpus is quickly parsed or rejected`(target: FuzzTarget) throws {
        let inputs = try Self.inputs(of: target.name)
        #expect(!inputs.isEmpty)
        for input in inputs {
            let duration = ContinuousClock().measure { target.run(input.bytes) }
            #expect(duration < .seconds(20), "\(target.name)/\(input.name)")
        }
    }

    /// Mutates the corpus with a fixed seed, for `UNLADEN_FUZZ_SECONDS` in total, or for one round per target if that isn't set.
    /// `deploy/fuzz` is more thorough, because it is guided by code coverage.
    @Test(arguments: FuzzTarget.all)
    func `Every mutation of the corpus is parsed or rejected`(target: FuzzTarget) throws {
        let inputs = try Self.inputs(of: target.name)
        let seconds = ProcessInfo.processInfo.environment["UNLADEN_FUZZ_SECONDS"].flatMap(Double.init) ?? 0
        let end = ContinuousClock.now + .seconds(seconds / Double(FuzzTarget.all.count))
        var random = SplitMix64(seed: 17)
        repeat {
            for input in inputs where input.bytes.count < 20_000 { target.run(Self.changed(input.bytes, &random)) }
        } while ContinuousClock.now < end
    }

    /// Bytes of which some are flipped, removed, duplicated or replaced by characters with a meaning in many formats.
    private static func changed(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = bytes
        let signs = Array("{}[]\"\\,:'()<>&=%/.-+0 \n".utf8) + [0, 0x7F, 0x80, 0xFF]
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            guard !bytes.isEmpty else { return bytes }
            let position = Int.random(in: bytes.indices, using: &random)
            let end = min(position + Int.random(in: 1...16, using: &random), bytes.count)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes.removeSubrange(position..<end)
            case 2: bytes.insert(contentsOf: bytes[position..<end], at: position)
            case 3: bytes[position] = signs.randomElement(using: &random) ?? 0
            default: bytes.removeSubrange(position...)
            }
        }
        return bytes
    }
}
