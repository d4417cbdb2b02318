import Database
import Foundation
import SQLiteDatabase
import TestSupport
import Testing

/// The guarantees of both drivers.
@Suite struct DatabaseTests {
    private func withTable(_ engine: TestEngine, _ body: (any Database) async throws -> Void) async throws {
        try await withDatabase(engine) { database in
            try await database.write { connection in
                try connection.execute("CREATE TABLE entries (id BIGINT PRIMARY KEY, number DOUBLE PRECISION, words TEXT)")
            }
            try await body(database)
        }
    }

    private func ids(_ database: any Database) async throws -> [Int64] {
        try await database.read { try $0.rows("SELECT id FROM entries ORDER BY id") { $0.int(0) } }
    }

    @Test(arguments: TestEngine.available)
    func `Values round-trip`(engine: TestEngine) async throws {
        let words = "'; DROP TABLE entries; -- größe 😀"
        try await withTable(engine) { database in
            try await database.write { connection in
                try connection.execute("INSERT INTO entries VALUES (\(Int64.min), \(-0.1), \(words)), (2, \(Double?.none), \(""))")
            }
            let first = try await database.read(.point) { connection in
                try connection.first("SELECT id, number, words FROM entries WHERE words = \(words)") {
                    ($0.int(0), $0.double(1), $0.text(2))
                }
            }
            #expect(first?.0 == .min)
            #expect(first?.1 == -0.1)
            #expect(first?.2 == words)
            let second = try await database.read { connection in
                try connection.first("SELECT number, words FROM entries WHERE id = 2") { ($0.optionalDouble(0), $0.optionalText(1)) }
            }
            #expect(second?.0 == nil)
            #expect(second?.1 == "")
        }
    }

    @Test(arguments: TestEngine.available)
    func `A failed write changes nothing, and other writes in the same group are kept`(engine: TestEngine) async throws {
        try await withTable(engine) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 0..<50 {
                    group.addTask {
                        do {
                            try await database.write { connection in
                                try connection.execute("INSERT INTO entries (id) VALUES (\(id))")
                                // Every fifth write repeats its key in the same transaction.
                                if id % 5 == 0 { try connection.execute("INSERT INTO entries (id) VALUES (\(id))") }
                            }
                            #expect(id % 5 != 0)
                        } catch let error as DatabaseError {
                            #expect(error.kind == .uniqueViolation)
                            #expect(id % 5 == 0)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let kept = try await ids(database)
            let expected: [Int64] = (Int64(0)..<50).filter { $0 % 5 != 0 }
            #expect(kept == expected)
        }
    }

    @Test(arguments: TestEngine.available)
    func `If an item breaks a batch, only that item fails`(engine: TestEngine) async throws {
        try await withTable(engine) { database in
            let batcher = WriteBatcher<Int, Int>(database: database) { connection, items in
                for item in items { try connection.execute("INSERT INTO entries (id) VALUES (\(item % 20))") }
                return items.map { .success($0) }
            }
            let failures = await withTaskGroup(of: Bool.self) { group in
                for item in 0..<25 {
                    group.addTask { (try? await batcher.write(item)) == nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(failures == 5)
            let kept = try await ids(database)
            #expect(kept == Array(Int64(0)..<20))
        }
    }

    @Test(arguments: TestEngine.available)
    func `Migrations run once, and a migration of a newer program is rejected`(engine: TestEngine) async throws {
        try await withDatabase(engine) { database in
            let first = Migration("first", sqlite: "CREATE TABLE a (id BIGINT)", postgresql: "CREATE TABLE a (id BIGINT)")
            let second = Migration("second", sqlite: "CREATE TABLE b (id BIGINT)", postgresql: "CREATE TABLE b (id BIGINT)")
            try await database.migrate(service: "test", [first])
            try await database.migrate(service: "test", [first, second])
            try await database.migrate(service: "test", [first, second])
            await #expect { try await database.migrate(service: "test", [first]) } throws: { error in
                (error as? DatabaseError)?.kind == .newerSchema
            }
        }
    }

    @Test func `A replaced database file is rejected, and the original is accepted again when it returns`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/one.db"
            let database = try SQLiteDatabase(path: path)
            try await database.write { try $0.execute("CREATE TABLE a (id BIGINT)") }
            try FileManager.default.moveItem(atPath: path, toPath: directory + "/away.db")
            try await expectUnavailable(database, "is missing")
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            try await expectUnavailable(database, "was replaced by another one")
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.moveItem(atPath: directory + "/away.db", toPath: path)
            try await database.write { try $0.execute("INSERT INTO a VALUES (1)") }
            await database.close()
        }
    }

    private func expectUnavailable(_ database: any Database, _ reason: String) async throws {
        for kind in [ReadKind.point, .scan] {
            let error = await #expect(throws: DatabaseError.self) { try await database.read(kind) { try $0.exists("SELECT 1") } }
            #expect(error?.kind == .unavailable)
            #expect(error?.message.contains(reason) == true)
        }
        let error = await #expect(throws: DatabaseError.self) { try await database.write { try $0.execute("DELETE FROM a") } }
        #expect(error?.kind == .unavailable)
    }

    @Test(arguments: TestEngine.available)
    func `Submitted statements are part of the transaction, and so are their failures`(engine: TestEngine) async throws {
        try await withTable(engine) { database in
            try await database.write { connection in
                for id in 0..<3 { try connection.submit("INSERT INTO entries (id) VALUES (\(id))") }
            }
            // The next statement or the commit reports the failure, and the connection is usable afterwards.
            for next in [false, true] {
                let error = await #expect(throws: DatabaseError.self) {
                    try await database.write { connection in
                        try connection.submit("INSERT INTO entries (id) VALUES (3)")
                        try connection.submit("INSERT INTO entries (id) VALUES (1)")
                        try connection.submit("INSERT INTO entries (id, words) VALUES (4, 'never prepared before')")
                        if next { _ = try connection.exists("SELECT 1 FROM entries") }
                    }
                }
                #expect(error?.kind == .uniqueViolation)
                #expect(try await ids(database) == [0, 1, 2])
            }
            // An error thrown by the caller rolls them back, too.
            await #expect(throws: TestDatabaseError.self) {
                try await database.write { connection in
                    try connection.submit("INSERT INTO entries (id, number) VALUES (5, 0.5)")
                    throw TestDatabaseError(description: "no")
                }
            }
            try await database.write { connection in
                try connection.submit("INSERT INTO entries (id, number) VALUES (5, 0.5)")
                try connection.submit("INSERT INTO entries (id, words) VALUES (4, 'never prepared before')")
            }
            #expect(try await ids(database) == [0, 1, 2, 4, 5])
        }
    }

    @Test(arguments: TestEngine.available)
    func `IN lists may be long`(engine: TestEngine) async throws {
        try await withTable(engine) { database in
            let ids = (0..<50_000).map { Int64($0) }
            let found = try await database.read { try $0.exists("SELECT 1 WHERE 49999 IN (\(.list(ids)))") }
            #expect(found)
        }
    }

    @Test func `An array of any length is split into powers of two`() {
        #expect(Array(0..<11).powerOfTwoChunks(limit: 64).map(\.count) == [8, 2, 1])
        #expect(Array(0..<130).powerOfTwoChunks(limit: 64).map(\.count) == [64, 64, 2])
        #expect([Int]().powerOfTwoChunks().isEmpty)
    }

    @Test(arguments: TestEngine.available)
    func `An autocommitted statement is kept, and a failed one doesn't affect the rest of the write`(engine: TestEngine) async throws {
        try await withTable(engine) { database in
            try await database.write { try $0.executeAutocommit("INSERT INTO entries (id) VALUES (1), (2)") }
            #expect(try await ids(database) == [1, 2])
            // After a failure, the closure continues with an ordinary transaction.
            try await database.write { connection in
                #expect(throws: DatabaseError.self) { try connection.executeAutocommit("INSERT INTO entries (id) VALUES (3), (1)") }
                try connection.execute("INSERT INTO entries (id) VALUES (4)")
                try connection.submit("INSERT INTO entries (id) VALUES (5)")
            }
            #expect(try await ids(database) == [1, 2, 4, 5])
            await #expect(throws: DatabaseError.self) {
                try await database.write { connection in
                    #expect(throws: DatabaseError.self) { try connection.executeAutocommit("INSERT INTO entries (id) VALUES (1)") }
                    try connection.execute("INSERT INTO entries (id) VALUES (6)")
                    try connection.execute("INSERT INTO entries (id) VALUES (1)")
                }
            }
            #expect(try await ids(database) == [1, 2, 4, 5])
        }
    }

    @Test(arguments: TestEngine.available.filter { $0 == .postgresql })
    func `An autocommitted statement survives a lost connection, and an error at its commit is reported`(engine: TestEngine) async throws {
        try await withTable(engine) { database in
            try await database.write { connection in
                try connection.execute("ALTER TABLE entries ADD UNIQUE (number) DEFERRABLE INITIALLY DEFERRED")
            }
            for id in 1...3 {
                _ = try? await database.read { connection in
                    try connection.query(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND application_name = 'unladen'
                        """
                    ) { _ in }
                }
                try await database.write {
                    try $0.executeAutocommit("INSERT INTO entries (id, number) VALUES (\(id), \(Double(id)))")
                }
            }
            #expect(try await ids(database) == [1, 2, 3])
            for _ in 0..<3 {
                await #expect(throws: DatabaseError.self) {
                    try await database.write { try $0.executeAutocommit("INSERT INTO entries (id, number) VALUES (99, 1)") }
                }
                try await database.write { try $0.execute("UPDATE entries SET words = 'seen'") }
            }
            #expect(try await ids(database) == [1, 2, 3])
        }
    }
}
