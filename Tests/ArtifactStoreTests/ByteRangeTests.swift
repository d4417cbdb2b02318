import Testing

@testable import ArtifactStore

@Suite struct ByteRangeTests {
    @Test(
        arguments: [
            (ByteRange.bytes(first: 0, last: nil), 0..<10), (.bytes(first: 3, last: 5), 3..<6),
            (.bytes(first: 9, last: 9), 9..<10), (.bytes(first: 3, last: .max), 3..<10), (.suffix(count: 4), 6..<10),
            (.suffix(count: .max), 0..<10),
        ] as [(ByteRange, Range<Int64>)])
    func `A range is clamped to the file`(range: ByteRange, expected: Range<Int64>) {
        #expect(range.resolved(size: 10) == expected)
    }

    @Test(arguments: [
        ByteRange.bytes(first: 10, last: nil), .bytes(first: 10, last: 12), .bytes(first: 5, last: 4),
        .bytes(first: -1, last: 4), .bytes(first: .max, last: .max), .bytes(first: .min, last: .min),
        .suffix(count: 0), .suffix(count: .min),
    ])
    func `A range outside the file can't be satisfied`(range: ByteRange) {
        #expect(range.resolved(size: 10) == nil)
        #expect(range.resolved(size: 0) == nil)
    }
}
