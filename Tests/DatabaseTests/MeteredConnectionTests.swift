import Database
import TestSupport
import Testing

@Suite struct MeteredConnectionTests {
    private struct TooMuch: Error {}

    @Test(arguments: TestEngine.available)
    func `The bytes read are reported, and an error from the report ends the query`(engine: TestEngine) async throws {
        try await withDatabase(engine) { database in
            let text = String(repeating: "é", count: 10_000)
            try await database.write { connection in
                try connection.execute("CREATE TABLE texts (id BIGINT PRIMARY KEY, value TEXT, none TEXT)")
                for id in 0..<100 { try connection.submit("INSERT INTO texts (id, value) VALUES (\(id), \(text))") }
            }
            let reported = try await database.read { connection in
                var reported = 0
                let metered = MeteredConnection(connection) { reported += $0 }
                try metered.query("SELECT id, value, none FROM texts") { _ in }
                try metered.read(try metered.send("SELECT value FROM texts")) { _ in }
                return reported
            }
            // At most one portion is unreported.
            #expect((3_900_000...4_003_000).contains(reported), "\(reported)")
            let rows = try await database.read { connection in
                var (rows, left) = (0, 500_000)
                let metered = MeteredConnection(connection) { count in
                    left -= count
                    if left < 0 { throw TooMuch() }
                }
                #expect(throws: TooMuch.self) { try metered.query("SELECT value FROM texts") { _ in rows += 1 } }
                return rows
            }
            #expect((20...30).contains(rows), "\(rows)")
            #expect(try await database.read { try $0.first("SELECT COUNT(*) FROM texts") { $0.int(0) } } == 100)
        }
    }
}
