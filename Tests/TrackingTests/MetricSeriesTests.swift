import TestSupport
import Testing
import WireProtocol

@testable import Tracking

@Suite struct MetricSeriesTests {
    private func points(_ steps: [Int64]) -> [MetricPoint] { steps.map { MetricPoint(step: $0, timestamp: $0, value: 1) } }

    @Test func `Points in order are counted, and every 16th gets a rank entry`() throws {
        var series: MetricSeries?
        var rankEntries: [Int64] = []
        for step in 0..<40 {
            let (next, new) = try #require(MetricSeries.appending(points([Int64(step)]), to: series))
            series = next
            rankEntries += new.map(\.rank)
        }
        #expect(series?.count == 40)
        #expect(series?.isInOrder == true)
        #expect(rankEntries == [0, 16, 32])
    }

    @Test func `An earlier point is counted, doesn't become the latest, and ends the order`() throws {
        let (first, _) = try #require(MetricSeries.appending(points([5]), to: nil))
        let (second, rankEntries) = try #require(MetricSeries.appending(points([3]), to: first))
        #expect(second.count == 2)
        #expect(second.latest.step == 5)
        #expect(!second.isInOrder)
        #expect(rankEntries.isEmpty)
    }

    @Test(arguments: [1, 2, 3, 7, 10, 11, 100], [1, 2, 3, 5, 10, 2500])
    func `A plan takes the first point of each NTILE bucket, and the last point`(count: Int, limit: Int) {
        let plan = SamplePlan(count: Int64(count), limit: limit)
        let buckets = min(count, limit)
        var expected: [Int64] = []
        var next = 0
        for bucket in 0..<buckets {
            expected.append(Int64(next))
            next += count / buckets + (bucket < count % buckets ? 1 : 0)
        }
        if expected.last != Int64(count - 1) { expected[expected.count - 1] = Int64(count - 1) }
        #expect(plan.ranks == expected)
    }

    /// Compares a sample and pages of a long history through the API, for points in order and for the same points shuffled.
    @Test(arguments: TestEngine.available, [true, false])
    func `Pages and samples of a history don't depend on the order of arrival`(engine: TestEngine, isInOrder: Bool) async throws {
        try await TrackingFixture.run(on: engine) { fixture in
            let run = try await fixture.run()
            let steps = isInOrder ? Array(0..<500) : (0..<500).map { $0 * 7 % 500 }
            for start in stride(from: 0, to: 500, by: 100) {
                let metrics = steps[start..<start + 100].map { "{\"key\":\"m\",\"value\":\($0),\"timestamp\":\($0),\"step\":\($0)}" }
                let response = try await fixture.api.post(
                    "runs/log-batch", "{\"run_id\":\"\(run)\",\"metrics\":[\(metrics.joined(separator: ","))]}")
                #expect(response.status == 200)
            }
            let token = PageToken.make(offset: 317)
            let page = try await fixture.api.get("metrics/get-history?run_id=\(run)&metric_key=m&max_results=3&page_token=\(token)")
            #expect(page.values("metrics.step").map(\.integerValue) == [317, 318, 319])
            let sample = try await fixture.api.get("metrics/get-history-bulk-interval?run_ids=\(run)&metric_key=m&max_results=5")
            #expect(sample.values("metrics.step").map(\.integerValue) == [0, 100, 200, 300, 499])
            let part = try await fixture.api.get(
                "metrics/get-history-bulk-interval?run_ids=\(run)&metric_key=m&max_results=4&start_step=50&end_step=249")
            #expect(part.values("metrics.step").map(\.integerValue) == [50, 100, 150, 249])
        }
    }
}
