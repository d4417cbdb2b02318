import Foundation
import JSON
import Primitives
import TestSupport
import Testing

@testable import Gateway

@Suite struct UsageLogTests {
    @Test func `A record survives the usage log unchanged`() throws {
        var record = UsageRecord(
            sequence: 7, at: UnixMilliseconds(1_700_000_000_000), team: "a \"b\"\n", key: nil, route: "ruta ñ", provider: "openai",
            model: "m", promptTokens: 1, completionTokens: nil, cachedTokens: 0, cost: NanoDollars(.max), latency: Microseconds(5),
            firstToken: Microseconds(3), status: 200, flags: [.streamed, .estimated], attempts: 2)
        record.debits = [Debit(counter: "x|1.2.3.4", window: 60, amount: 9), Debit(counter: "y", window: 0, amount: 0)]
        var json = JSONWriter()
        record.write(to: &json)
        #expect(UsageRecord(try JSONValue(parsing: json.bytes)) == record)
    }

    @Test func `Lines of versions without cache writes are read, and these versions can read everything else in new lines`() throws {
        let old = #"[7,1,"a",null,"r","openai","m",100,5,40,9,5,null,200,0,1,[]]"#
        let record = try #require(UsageRecord(try JSONValue(parsing: old)))
        #expect((record.cachedTokens, record.cacheWriteTokens, record.cacheWrite1hTokens) == (40, nil, nil))
        var json = JSONWriter()
        record.write(to: &json)
        #expect(String(decoding: json.bytes, as: UTF8.self) == old)
        var new = record
        (new.cacheWriteTokens, new.cacheWrite1hTokens) = (30, 20)
        json = JSONWriter()
        new.write(to: &json)
        let line = try JSONValue(parsing: json.bytes)
        #expect(UsageRecord(line) == new)
        // The number and order of elements are unchanged.
        #expect(line.arrayValue?.count == 17)
        #expect(line.arrayValue?[10] == 9)
    }

    @Test(arguments: TestEngine.available)
    func `The usage log of a killed gateway is recovered, and a request in flight counts with what was reserved`(
        engine: TestEngine
    ) async throws {
        try await GatewayFixture.run(on: engine) { fixture in
            let rule = LimitRule.tokens("rule", cap: 1000)
            do {
                // Its lock is released with it, as when a process ends; nothing is written to the database.
                let killed = try await fixture.usageRecorder()
                try await killed.request(rule, most: 100, used: 30)
                try await killed.rateLimiter.admit([rule.demand(200)], now: now)
                var open = UsageRecord(sequence: 0, at: UnixMilliseconds(now * 1000), route: "r")
                open.debits = [Debit(counter: "rule", window: rule.demand(1).key.window, amount: 200)]
                try killed.begin(&open)
            }
            #expect(try await fixture.rows().isEmpty)
            let clock = ManualClock()
            let next = try await fixture.usageRecorder(clock: clock)
            try await withServices([next]) {
                // Each of its three tasks runs at once.
                await clock.sleepers(3)
                #expect(try await fixture.taken("rule") == (230, 230))
                let rows = try await fixture.rows()
                #expect(rows.map(\.tokens) == [30, 0])
                #expect(rows.last?.flags == UsageRecord.Flags.interrupted.rawValue)
                #expect(next.usageLog.directory.replicas(except: next.replicaID).isEmpty)
            }
            await next.close()
        }
    }

    @Test(arguments: TestEngine.available)
    func `Recovering a usage log twice changes nothing the second time`(engine: TestEngine) async throws {
        try await GatewayFixture.run(on: engine) { fixture in
            let store = UsageStore(database: fixture.database)
            let records = (1...20).map { number in
                var record = UsageRecord(sequence: Int64(number), at: UnixMilliseconds(now * 1000), route: "r", promptTokens: 1)
                record.debits = [Debit(counter: "c", window: 60, amount: 2)]
                return record
            }
            try await store.add(Array(records.prefix(10)), of: 1)
            try await store.recover(records, of: 1)
            try await store.recover(records, of: 1)
            #expect(try await fixture.rows().count == 20)
            #expect(try await fixture.taken("c").spent == 40)
        }
    }

    @Test func `An incomplete line is ignored, and lines after a damaged one are read`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/log"
            func line(_ kind: String, _ sequence: Int64) -> String {
                var json = JSONWriter()
                UsageRecord(sequence: sequence, at: UnixMilliseconds(1), route: "r").write(to: &json)
                return kind + String(decoding: json.bytes, as: UTF8.self) + "\n"
            }
            let text = line("B", 1) + line("B", 2) + "garbage\n" + line("E", 1) + line("E", 2).dropLast(9)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            var open: [Int64: UsageRecord] = [:]
            #expect(UsageLogReader.read(path, open: &open).map(\.sequence) == [1])
            #expect(Array(open.keys) == [2])
        }
    }

    @Test func `Rows wait in the usage log while the database is unavailable, even if they don't fit in memory`() async throws {
        try await GatewayFixture.run(on: .sqlite) { fixture in
            let database = InterruptedDatabase(fixture.database)
            let clock = ManualClock()
            let usageRecorder = try await GatewayFixture(database: database, directory: fixture.directory).usageRecorder(clock: clock)
            database.isUnavailable = true
            try await withServices([usageRecorder]) {
                #expect(await clock.sleepers(3).first == .milliseconds(25))
                let count = 30_000
                for _ in 0..<count {
                    var record = UsageRecord(sequence: 0, at: UnixMilliseconds(now * 1000), route: "r", promptTokens: 1)
                    try usageRecorder.begin(&record)
                    usageRecorder.end(record, reserved: [])
                }
                #expect(usageRecorder.usageLog.pendingCount < count)
                // The next attempt fails and is followed by a longer pause.
                clock.advance(by: .milliseconds(25))
                #expect(await clock.sleepers(3) == [.milliseconds(75), .milliseconds(975), .seconds(1)])
                #expect(try await fixture.rows().isEmpty)
                database.isUnavailable = false
                clock.advance(by: .seconds(1))
                await clock.sleepers(3)
                #expect(try await fixture.rows().count == count)
            }
            await usageRecorder.close()
            #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.directory) == [])
        }
    }
}
