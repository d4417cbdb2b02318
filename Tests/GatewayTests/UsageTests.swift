import JSON
import Primitives
import TestSupport
import Testing
import WireProtocol

@testable import Gateway

@Suite struct UsageTests {
    private static let day: Int64 = 86_400_000
    private static let start = UnixMilliseconds(0)

    private func records() -> [UsageRecord] {
        (0..<30).map { (number: Int64) -> UsageRecord in
            var record = UsageRecord(sequence: number, at: UnixMilliseconds((number / 10 + 19_000) * Self.day), route: "r")
            record.team = number % 2 == 0 ? "a" : "b"
            record.provider = "p"
            record.model = number % 3 == 0 ? "m" : "n"
            record.promptTokens = 10
            if number == 0 { (record.cachedTokens, record.cacheWriteTokens, record.cacheWrite1hTokens) = (2, 5, 3) }
            record.completionTokens = 1
            record.cost = number % 3 == 0 ? NanoDollars(1_000_000) : nil
            record.latency = Microseconds(2000)
            record.status = number == 29 ? 502 : 200
            return record
        }
    }

    @Test(arguments: TestEngine.available)
    func `Usage is aggregated by the query's dimensions, and an unknown price stays unknown`(engine: TestEngine) async throws {
        try await GatewayFixture.run(on: engine) { fixture in
            try await UsageStore(database: fixture.database).add(records(), of: 1)
            let reports = UsageReports(database: fixture.database)
            let query = try UsageQuery([("by", "team,model"), ("from", "2022-01-08"), ("to", "2030-01-01")], now: Self.start)
            let report = try await reports.report(query)
            #expect(report.rows.count == 4)
            let unpriced = try #require(report.rows.first { $0.dimensions["model"] == "n" })
            #expect(unpriced.cost == nil)
            #expect(unpriced.unpricedRequests == 10)
            #expect(report.total.requests == 30)
            #expect(report.total.promptTokens == 300)
            #expect(report.total.cachedTokens == 2)
            #expect(report.total.cacheWriteTokens == 5)
            #expect(report.total.cacheWrite1hTokens == 3)
            #expect(report.total.cost == 0.01)
            #expect(report.total.errors == 1)
            let day = [("by", "day"), ("from", "2022-01-09"), ("to", "2022-01-10")].map { (name: $0.0, value: $0.1) }
            let days = try await reports.report(try UsageQuery(day, now: Self.start))
            #expect(days.rows.map(\.requests) == [10])
        }
    }

    @Test(arguments: TestEngine.available)
    func `Old days are deleted, and the others are kept`(engine: TestEngine) async throws {
        try await GatewayFixture.run(on: engine) { fixture in
            let store = UsageStore(database: fixture.database)
            try await store.add(records(), of: 1)
            try await store.expire(before: UnixMilliseconds(19_002 * Self.day + 5))
            #expect(try await fixture.rows().count == 10)
        }
    }

    @Test(arguments: [
        [("by", "planet")], [("by", "route,team,route")], [("last", "often")], [("last", "0s")], [("from", "yesterday")],
        [("until", "now")],
    ])
    func `An invalid query is rejected`(parameters: [(String, String)]) {
        #expect(throws: ServiceError.self) { try UsageQuery(parameters.map { (name: $0.0, value: $0.1) }, now: Self.start) }
    }
}
