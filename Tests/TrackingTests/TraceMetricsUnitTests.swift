import Testing
import WireProtocol

@testable import Tracking

@Suite struct TraceMetricsUnitTests {
    // MARK: Percentiles

    @Test func `Percentiles are interpolated between ranks, as by PostgreSQL's percentile_cont`() {
        var quantiles = Quantiles([4, 1, 3, 2])
        #expect(quantiles.percentiles([0, 50, 100, 25, 90]) == [1, 2.5, 4, 1.75, 3.7])
        var single = Quantiles([7])
        #expect(single.percentiles([0, 33.3, 100]) == [7, 7, 7])
        var none = Quantiles([])
        #expect(none.percentiles([50, 90]) == [nil, nil])
    }

    @Test(arguments: [17, 100, 1000, 20_000])
    func `Percentiles equal those of the sorted values`(count: Int) {
        var generator = SystemRandomNumberGenerator()
        let inputs: [[Double]] = [
            (0..<count).map { _ in Double.random(in: 0..<1, using: &generator) },
            (0..<count).map { _ in Double(Int.random(in: 0..<5, using: &generator)) },
            (0..<count).map(Double.init), (0..<count).reversed().map(Double.init), Array(repeating: 3, count: count),
            (0..<count).map { Double($0 % 2 == 0 ? $0 : count - $0) },
        ]
        let wanted: [Double] = [99, 0, 50, 12.5, 100, 90, 50]
        for input in inputs {
            let sorted = input.sorted()
            let expected = wanted.map { percentile -> Double? in
                let position = percentile / 100 * Double(count - 1)
                let (low, fraction) = (sorted[Int(position)], position - position.rounded(.down))
                return fraction == 0 ? low : low + fraction * (sorted[Int(position) + 1] - low)
            }
            var quantiles = Quantiles(input)
            #expect(quantiles.percentiles(wanted) == expected)
        }
    }

    // MARK: Buckets

    @Test func `Intervals begin at multiples of their length, even before 1970`() {
        let buckets = TimeBuckets(interval: 1000)
        #expect([0, 999, 1000, -1, -1000, -1001].map(buckets.start) == [0, 0, 1000, -1000, -1000, -2000])
        #expect(buckets.start(of: .min) == .min && buckets.start(of: .max) == 9_223_372_036_854_775_000)
        var start: Int64 = 0
        for (time, expected) in [(5, 0), (1500, 1000), (-1, -1000), (.max, 9_223_372_036_854_775_000), (.min, .min)] as [(Int64, Int64)] {
            buckets.move(&start, to: time)
            #expect(start == expected)
        }
    }

    @Test func `The intervals of a range are listed unless there are too many`() {
        let buckets = TimeBuckets(interval: 1000)
        #expect(buckets.starts(from: 500, through: 2000, limit: 10) == 0...2000)
        #expect(buckets.starts(from: 500, through: 400, limit: 10) == nil)
        #expect(buckets.starts(from: 0, through: 10_000, limit: 10) == nil)
        #expect(buckets.starts(from: .min, through: .max, limit: 10) == nil)
        #expect(buckets.starts(from: .min, through: .min, limit: 10) == nil)
    }

    // MARK: Groups

    private func key(_ bucket: Int64, _ names: String...) -> MetricGroups.Key {
        MetricGroups.Key(bucket: bucket, dimensions: names.map { KeyName($0) })
    }

    @Test func `Values are aggregated by group, and groups are sorted`() throws {
        var groups = MetricGroups(limit: 10, keepsValues: true)
        for (bucket, name, value) in [(1000, "b", 5), (0, "b", 1), (0, "a", 2), (0, "b", 4)] as [(Int64, String, Double)] {
            let found = groups.index(of: key(bucket, name))
            let index = try #require(found)
            try groups.add(value, at: index)
        }
        let results = groups.results([.count, .sum, .average, .minimum, .maximum, .percentile(50)])
        #expect(results.map(\.key) == [key(0, "a"), key(0, "b"), key(1000, "b")])
        #expect(results.map(\.values) == [[1, 2, 2, 2, 2, 2], [2, 5, 2.5, 1, 4, 2.5], [1, 5, 5, 5, 5, 5]])
    }

    @Test func `A group without values has a count and nothing else`() throws {
        var groups = MetricGroups(limit: 10, keepsValues: false)
        _ = groups.index(of: key(0))
        #expect(groups.results([.count, .average]).map(\.values) == [[0, nil]])
    }

    @Test func `Names that are equal for Unicode but differ in bytes are different groups`() throws {
        var groups = MetricGroups(limit: 10, keepsValues: false)
        for name in ["\u{E9}", "e\u{301}", "\u{E9}"] {
            let found = groups.index(of: key(0, name))
            let index = try #require(found)
            try groups.add(1, at: index)
        }
        #expect(groups.results([.count]).map(\.values) == [[1], [2]])
    }

    @Test func `Only the first groups in sort order are kept, whatever the order of arrival`() throws {
        for order in [Array(0..<10_000), Array((0..<10_000).reversed()), (0..<10_000).shuffled()] {
            var groups = MetricGroups(limit: 3, keepsValues: false)
            for _ in 0..<2 {
                for number in order {
                    guard let index = groups.index(of: key(Int64(number))) else { continue }
                    try groups.add(1, at: index)
                }
            }
            let results = groups.results([.count])
            #expect(results.map(\.key.bucket) == [0, 1, 2] && results.map(\.values) == [[2], [2], [2]])
        }
    }

    @Test func `Distinct strings are counted once per group`() throws {
        var groups = MetricGroups(limit: 10, keepsValues: false)
        for (bucket, text) in [(0, "a"), (0, "b"), (0, "a"), (1, "a")] as [(Int64, String)] {
            let found = groups.index(of: key(bucket))
            let index = try #require(found)
            try groups.add(distinct: text, at: index)
        }
        #expect(groups.results([.count]).map(\.values) == [[2], [1]])
    }

    // MARK: Tokens

    @Test func `Token counts are integers, however they are written`() {
        let counts = TokenCounts(
            metadata: #"{"input_tokens": 5, "output_tokens": "7", "total_tokens": 12.0, "cache_read_input_tokens": 1.5}"#)
        #expect(counts.input == 5 && counts.output == 7 && counts.total == 12)
        #expect(counts.cacheRead == nil && counts.cacheCreation == nil)
        for text in ["", "{", "[1]", #"{"input_tokens": true, "total_tokens": {}}"#, String(repeating: "[", count: 100_000)] {
            let counts = TokenCounts(metadata: text)
            #expect(counts.input == nil && counts.total == nil)
        }
    }

    // MARK: Correlation

    @Test(arguments: [
        (TraceCorrelation(total: 4, first: 3, second: 2, joint: 2), 0.41503749927884365, 0.25488465983224035),
        (TraceCorrelation(total: 4, first: 4, second: 4, joint: 4), 1, 1),
        (TraceCorrelation(total: 4, first: 2, second: 2, joint: 2), 0.9999999999999999, 0.583488138377115),
    ])
    func `Correlation is MLflow's normalized mutual information`(counts: TraceCorrelation, npmi: Double, smoothed: Double) throws {
        #expect(abs(try #require(counts.npmi) - npmi) < 1e-15)
        #expect(abs(try #require(counts.smoothedNPMI) - smoothed) < 1e-15)
    }

    @Test func `Conditions that never hold together correlate negatively, and one that never holds is undefined`() throws {
        let apart = TraceCorrelation(total: 10, first: 4, second: 5, joint: 0)
        #expect(apart.npmi == -1)
        #expect((-1..<0).contains(try #require(apart.smoothedNPMI)))
        for counts in [(0, 0, 0, 0), (5, 0, 3, 0), (5, 3, 0, 0), (3, 3, 3, 1)] as [(Int64, Int64, Int64, Int64)] {
            let correlation = TraceCorrelation(total: counts.0, first: counts.1, second: counts.2, joint: counts.3)
            #expect(correlation.npmi == nil && correlation.smoothedNPMI == nil)
        }
    }
}
