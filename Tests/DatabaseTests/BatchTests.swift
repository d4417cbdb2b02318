import Database
import Foundation
import Synchronization
import TestSupport
import Testing

/// Reads and writes that share their statements.
@Suite struct BatchTests {
    private func withNumbers(_ engine: TestEngine, _ body: (any Database) async throws -> Void) async throws {
        try await withDatabase(engine) { database in
            try await database.write { connection in
                try connection.execute("CREATE TABLE numbers (id BIGINT PRIMARY KEY, square BIGINT)")
                for id in 0..<100 { try connection.submit("INSERT INTO numbers VALUES (\(id), \(id * id))") }
            }
            try await body(database)
        }
    }

    @Test(arguments: TestEngine.available)
    func `Rows of pipelined queries can be read in any order, but only once`(engine: TestEngine) async throws {
        try await withNumbers(engine) { database in
            let found = try await database.write { connection in
                let squares = try PipelinedRows(
                    ["SELECT id, square FROM numbers WHERE id < 3", "SELECT id, square FROM numbers WHERE id = 50"], on: connection
                ) { ($0.int(0), $0.int(1)) }
                let more = try PipelinedRows(["SELECT id, square FROM numbers WHERE id = 99"], on: connection) {
                    ($0.int(0), $0.int(1))
                }
                try connection.submit("DELETE FROM numbers WHERE id = 7")
                let left = try connection.first("SELECT COUNT(*) FROM numbers") { $0.int(0) }
                return (try more.read(connection), try squares.read(connection), left)
            }
            #expect(found.0 == [99: 9801])
            #expect(found.1 == [0: 0, 1: 1, 2: 4, 50: 2500])
            #expect(found.2 == 99)
        }
    }

    @Test(arguments: TestEngine.available)
    func `A failed query fails its transaction, and the connection is usable afterwards`(engine: TestEngine) async throws {
        try await withNumbers(engine) { database in
            for _ in 0..<3 {
                _ = await #expect(throws: DatabaseError.self) {
                    try await database.write { connection in
                        try connection.submit("INSERT INTO numbers VALUES (1000, 1)")
                        let good = try connection.send("SELECT square FROM numbers WHERE id = 1")
                        let bad = try connection.send("SELECT missing FROM numbers")
                        try connection.read(good) { _ in }
                        try connection.read(bad) { _ in }
                    }
                }
                let count = try await database.read { try $0.first("SELECT COUNT(*) FROM numbers") { $0.int(0) } }
                #expect(count == 100)
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `Many concurrent reads share statements, and each returns its own value`(engine: TestEngine) async throws {
        try await withNumbers(engine) { database in
            let statements = Mutex(0)
            let batcher = ReadBatcher<Int64, Int64>(database: database) { keys, connection in
                statements.withLock { $0 += 1 }
                #expect(Set(keys).count == keys.count)
                let rows = try connection.rows("SELECT id, square FROM numbers WHERE id IN (\(.list(keys)))") { ($0.int(0), $0.int(1)) }
                return Dictionary(uniqueKeysWithValues: rows)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for read in Int64(0)..<1000 {
                    let key = read % 125
                    group.addTask {
                        let square = try await batcher.read(key)
                        #expect(square == (key < 100 ? key * key : nil))
                    }
                }
                try await group.waitForAll()
            }
            // SQLite reads on the caller's thread, which is too fast for reads to be batched.
            if database.dialect == .postgresql { #expect(statements.withLock { $0 } < 500) }
        }
    }

    @Test(arguments: TestEngine.available)
    func `A failed statement fails the reads that share it, but not later ones`(engine: TestEngine) async throws {
        try await withNumbers(engine) { database in
            let isBroken = Mutex(true)
            let batcher = ReadBatcher<Int64, Int64>(database: database) { keys, connection in
                if isBroken.withLock({ $0 }) { throw DatabaseError(.unavailable, "away") }
                return [keys[0]: 1]
            }
            await withTaskGroup(of: Void.self) { group in
                for key in Int64(0)..<50 {
                    group.addTask { _ = await #expect(throws: DatabaseError.self) { try await batcher.read(key) } }
                }
            }
            isBroken.withLock { $0 = false }
            let one = try await batcher.read(3)
            #expect(one == 1)
        }
    }

    @Test(arguments: TestEngine.available)
    func `Concurrent writers share their transactions`(engine: TestEngine) async throws {
        try await withNumbers(engine) { database in
            let sizes = Mutex([Int]())
            let batcher = WriteBatcher<Int, Int>(database: database) { connection, items in
                sizes.withLock { $0.append(items.count) }
                for item in items { try connection.submit("INSERT INTO numbers VALUES (\(1000 + item), 0)") }
                // Simulates the latency of a disk, on machines that don't really write to one.
                usleep(2000)
                return items.map { .success($0) }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<8 {
                    group.addTask {
                        for step in 0..<25 {
                            let item = client * 25 + step
                            let written = try await batcher.write(item)
                            #expect(written == item)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let count = try await database.read { try $0.first("SELECT COUNT(*) FROM numbers") { $0.int(0) } }
            #expect(count == 300)
            let transactions = sizes.withLock { $0 }
            #expect(transactions.reduce(0, +) == 200)
            #expect(transactions.count < 150)
        }
    }

    @Test(arguments: TestEngine.available)
    func `Unread results don't affect later statements`(engine: TestEngine) async throws {
        try await withNumbers(engine) { database in
            for round in 0..<20 {
                // The connection has an unread result, which is a failure in every other round.
                await #expect(throws: (any Error).self) {
                    try await database.write { connection in
                        try connection.submit("INSERT INTO numbers VALUES (\(round % 2 == 0 ? 1 : 500), 0)")
                        throw TestDatabaseError(description: "no")
                    }
                }
                for kind in [ReadKind.statement, .point, .scan] {
                    try await database.read(kind) { _ = try $0.send("SELECT square FROM numbers WHERE id = 4") }
                    _ = try? await database.read(kind) { _ = try $0.send("SELECT nothing FROM numbers") }
                    let square = try await database.read(kind) { try $0.first("SELECT square FROM numbers WHERE id = 9") { $0.int(0) } }
                    #expect(square == 81)
                }
            }
            let count = try await database.read { try $0.first("SELECT COUNT(*) FROM numbers") { $0.int(0) } }
            #expect(count == 100)
        }
    }

    @Test(arguments: TestEngine.available.filter { $0 == .postgresql })
    func `A lost connection is also reopened for a read without a transaction`(engine: TestEngine) async throws {
        try await withNumbers(engine) { database in
            for _ in 0..<5 {
                try await database.write { try $0.execute("UPDATE numbers SET square = 0 WHERE id = 0") }
                _ = try? await database.read { connection in
                    try connection.query(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND application_name = 'unladen'
                        """
                    ) { _ in }
                }
                let square = try await database.read(.statement) { try $0.first("SELECT square FROM numbers WHERE id = 9") { $0.int(0) } }
                #expect(square == 81)
            }
        }
    }
}
