import TestSupport
import Testing
import WireProtocol

@testable import Tracking

/// Whatever the order and batch sizes of logged points, the responses equal those computed from a plain list of points.
@Suite struct MetricHistoryPropertyTests {
    /// The order in which points arrive.
    enum Arrival: String, CaseIterable, Sendable {
        /// By step and time.
        case inOrder
        /// With random steps and times.
        case anyhow
        /// By step, then one with an earlier step.
        case oneLate
    }

    private static let values = ["0", "1", "-1.5", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "1e-300", "0.30000000000000004"]

    /// A point as sent and as stored.
    private struct Point: Hashable {
        var step: Int64
        var timestamp: Int64
        var value: String

        var json: String { "{\"key\":\"m\",\"value\":\(value),\"timestamp\":\(timestamp),\"step\":\(step)}" }
        var stored: MetricPoint {
            MetricPoint(step: step, timestamp: timestamp, value: Double(value.replacing("\"", with: "")) ?? .nan)
        }
    }

    private static func points(_ arrival: Arrival, _ random: inout SplitMix64) -> [Point] {
        let count = Int.random(in: 1...120, using: &random)
        var points = (0..<count).map { index in
            let position = Int64(index)
            let value = values.randomElement(using: &random) ?? "0"
            return switch arrival {
            case .inOrder, .oneLate: Point(step: position / 2, timestamp: position, value: value)
            case .anyhow:
                Point(
                    step: Int64.random(in: -20...20, using: &random), timestamp: Int64.random(in: 0...30, using: &random),
                    value: value)
            }
        }
        if arrival == .oneLate { points.append(Point(step: -1, timestamp: Int64(count) / 2, value: "7")) }
        // Some arrive twice, from a client that retries.
        points += points.filter { _ in Int.random(in: 0..<10, using: &random) == 0 }
        return points
    }

    @Test(arguments: TestEngine.available, Arrival.allCases)
    func `Pages, samples and the latest point match the sorted points`(engine: TestEngine, arrival: Arrival) async throws {
        try await TrackingFixture.run(on: engine) { fixture in
            var random = SplitMix64(seed: 11)
            for _ in 0..<12 {
                let points = Self.points(arrival, &random)
                let run = try await fixture.run()
                var rest = points[...]
                while !rest.isEmpty {
                    let portion = rest.prefix(Int.random(in: 1...40, using: &random))
                    rest = rest.dropFirst(portion.count)
                    let list = portion.map(\.json).joined(separator: ",")
                    let response = try await fixture.api.post("runs/log-batch", "{\"run_id\":\"\(run)\",\"metrics\":[\(list)]}")
                    #expect(response.status == 200, "\(response.text)")
                    // Reads are interleaved with writes.
                    guard Int.random(in: 0..<4, using: &random) == 0 else { continue }
                    try await check(fixture, run, Set(points[..<rest.startIndex].map(\.stored)), &random)
                }
                try await check(fixture, run, Set(points.map(\.stored)), &random)
            }
        }
    }

    private func check(
        _ fixture: TrackingFixture, _ run: String, _ points: Set<MetricPoint>, _ random: inout SplitMix64
    ) async throws {
        // The latest point is the one with the greatest step, time and value, in this order.
        let latest = try #require(points.max())
        let shown = try await fixture.api.get("runs/get?run_id=\(run)")
        #expect(shown.values("run.data.metrics").map(Self.text) == [Self.text(latest)])

        let byTime = points.sorted { left, right in
            (left.timestamp, left.step, left.value, left.isNaN ? 1 : 0) < (right.timestamp, right.step, right.value, right.isNaN ? 1 : 0)
        }
        let whole = try await fixture.api.get("metrics/get-history?run_id=\(run)&metric_key=m")
        #expect(whole.values("metrics").map(Self.text) == byTime.map(Self.text))
        #expect(try await pages(fixture, run, size: Int.random(in: 1...30, using: &random)) == byTime.map(Self.text))

        let bounds = [Int64.random(in: -25...70, using: &random), .random(in: -25...70, using: &random)].sorted()
        let limit = Int.random(in: 1...60, using: &random)
        let inRange = points.filter { bounds[0] <= $0.step && $0.step <= bounds[1] }.sorted()
        let sample = try await fixture.api.get(
            "metrics/get-history-bulk-interval?run_ids=\(run)&metric_key=m&max_results=\(limit)"
                + "&start_step=\(bounds[0])&end_step=\(bounds[1])")
        #expect(sample.values("metrics").map(Self.text) == Self.sample(inRange, limit: limit).map(Self.text))
    }

    /// All points, read in pages of the given size.
    private func pages(_ fixture: TrackingFixture, _ run: String, size: Int) async throws -> [String] {
        var points: [String] = []
        var token = ""
        repeat {
            let page = try await fixture.api.get(
                "metrics/get-history?run_id=\(run)&metric_key=m&max_results=\(size)&page_token=\(token)")
            let found = page.values("metrics")
            #expect(found.count <= size)
            points += found.map(Self.text)
            token = page.string("next_page_token") ?? ""
        } while !token.isEmpty
        return points
    }

    /// The sample by SQL's `NTILE(limit)`: the first point of each bucket, except for the last bucket, from which it takes the last.
    private static func sample(_ points: [MetricPoint], limit: Int) -> [MetricPoint] {
        guard points.count > limit, let last = points.last else { return points }
        var sample: [MetricPoint] = []
        var start = 0
        for bucket in 0..<limit {
            sample.append(points[start])
            start += points.count / limit + (bucket < points.count % limit ? 1 : 0)
        }
        sample[limit - 1] = last
        return sample
    }

    private static func text(_ point: MetricPoint) -> String {
        "\(point.step) \(point.timestamp) \(point.isNaN ? "nan" : "\(point.value)")"
    }

    private static func text(_ metric: JSONValue) -> String {
        let value =
            switch metric["value"] {
            case .integer(let integer)?: "\(Double(integer))"
            case .number(let number)?: "\(number)"
            default: metric["value"]?.stringValue?.lowercased() ?? "none"
            }
        return "\(metric["step"]?.integerValue ?? 0) \(metric["timestamp"]?.integerValue ?? 0) \(value)"
    }
}
