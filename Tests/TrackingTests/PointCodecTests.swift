import Database
import TestSupport
import Testing

@testable import Tracking

/// The encoding of points in `fresh_metrics`.
@Suite struct PointCodecTests {
    private static let numbers: [Int64] = [0, 1, -1, 63, 64, -64, -65, 8191, 8192, .max, .min, .max - 1, .min + 1]
    private static let values = [0, -0.0, 1.5, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, -.greatestFiniteMagnitude]

    private static func entries(_ count: Int, _ random: inout SplitMix64) -> [PointCodec.Entry] {
        (0..<count).map { _ in
            let numbers = (0..<3).map { _ in Self.numbers.randomElement(using: &random) ?? 0 }
            let point = MetricPoint(
                step: numbers[1], timestamp: numbers[2], value: values.randomElement(using: &random) ?? 0)
            // A key ID is a row ID, so it is never so large that there is no room for the NaN flag.
            return (numbers[0] / 4, point)
        }
    }

    @Test func `Decoding restores the encoded points`() throws {
        var random = SplitMix64(seed: 5)
        for count in 0...200 {
            let entries = Self.entries(count, &random)
            let found = try PointCodec.decode(PointCodec.encode(entries))
            #expect(found.map(\.key) == entries.map(\.key))
            #expect(found.map(\.point) == entries.map(\.point))
            #expect(found.map(\.point.value.sign) == entries.map(\.point.value.sign))
        }
    }

    @Test func `A batch of ten metrics takes about 12 bytes per point`() {
        let entries = (0..<10).map { key in
            (key: Int64(100 + key), point: MetricPoint(step: 1_000_000, timestamp: 1_700_000_000_000, value: 0.1 * Double(key)))
        }
        #expect(PointCodec.encode(entries).count <= 130)
    }

    @Test func `Corrupt bytes throw an error and never trap`() throws {
        var random = SplitMix64(seed: 6)
        let whole = PointCodec.encode(Self.entries(20, &random))
        for count in 1..<whole.count {
            let part = Array(whole.prefix(count))
            if let entries = try? PointCodec.decode(part) { #expect(PointCodec.encode(entries) == part) }
        }
        for _ in 0..<2000 {
            let count = Int.random(in: 1...60, using: &random)
            _ = try? PointCodec.decode((0..<count).map { _ in .random(in: 0...255, using: &random) })
        }
        #expect(throws: DatabaseError.self) { try PointCodec.decode([0]) }
        #expect(throws: DatabaseError.self) { try PointCodec.decode([UInt8](repeating: 0x80, count: 40)) }
    }
}
