import Database
import SQLiteDatabase
import TestSupport
import Testing

/// Rows that are passed to the database as columns.
@Suite struct ColumnTests {
    private func stored(_ columns: [SQLColumn], in engine: TestEngine) async throws -> [String] {
        try await withDatabase(engine) { database in
            try await database.write { connection in
                try connection.execute("CREATE TABLE entries (id BIGINT PRIMARY KEY, number DOUBLE PRECISION, words TEXT)")
                for rows in connection.dialect.rows(columns) {
                    try connection.submit("INSERT INTO entries (id, number, words) \(rows)")
                }
            }
            return try await database.read { connection in
                try connection.rows("SELECT id, number, words FROM entries ORDER BY id") {
                    "\($0.int(0)) \($0.double(1)) \($0.text(2))"
                }
            }
        }
    }

    @Test(arguments: TestEngine.available)
    func `Values of all columns round-trip`(engine: TestEngine) async throws {
        let columns: [SQLColumn] = [
            .integers([.min, 0, .max]), .doubles([-0.1, .leastNonzeroMagnitude, .greatestFiniteMagnitude]),
            .texts(["", "'; DROP TABLE entries; -- größe 😀", "{NULL,\"a\",\\}"]),
        ]
        #expect(
            try await stored(columns, in: engine) == [
                "\(Int64.min) -0.1 ", "0 5e-324 '; DROP TABLE entries; -- größe 😀",
                "\(Int64.max) 1.7976931348623157e+308 {NULL,\"a\",\\}",
            ])
    }

    @Test(arguments: TestEngine.available)
    func `Bytes round-trip`(engine: TestEngine) async throws {
        let values: [[UInt8]] = [[], [0], [0xff, 0, 0x80, 39], Array(0...255)]
        let found = try await withDatabase(engine) { database in
            try await database.write { connection in
                let type: SQL = connection.dialect == .sqlite ? "BLOB" : "BYTEA"
                try connection.execute("CREATE TABLE packages (id BIGINT, content \(type) NOT NULL)")
                for rows in connection.dialect.rows([.integers([0, 1, 2, 3]), .bytes(values)]) {
                    try connection.submit("INSERT INTO packages (id, content) \(rows)")
                }
                for value in values {
                    try connection.execute("INSERT INTO packages (id, content) VALUES (4, \(SQLValue.bytes(value)))")
                }
            }
            return try await database.read { try $0.rows("SELECT content FROM packages ORDER BY id, length(content)") { $0.bytes(0) } }
        }
        #expect(found == values + values)
    }

    @Test(arguments: TestEngine.available, [1, 3, 64, 65, 8191, 8193, 20_000])
    func `Any number of rows arrives completely`(engine: TestEngine, count: Int) async throws {
        let ids = (0..<count).map(Int64.init)
        let columns: [SQLColumn] = [.integers(ids), .doubles(ids.map(Double.init)), .texts(ids.map(String.init))]
        #expect(try await stored(columns, in: engine) == ids.map { "\($0) \(Double($0)) \($0)" })
    }

    @Test(arguments: TestEngine.available.filter { $0 != .sqlite })
    func `PostgreSQL's strings lose U+0000, and the other values keep their positions`(engine: TestEngine) async throws {
        let columns: [SQLColumn] = [.integers([1, 2, 3]), .doubles([1, 2, 3]), .texts(["a\0b", "\0", "c"])]
        #expect(try await stored(columns, in: engine) == ["1 1.0 ab", "2 2.0 ", "3 3.0 c"])
    }

    @Test func `Without rows there is no statement`() {
        #expect(Dialect.sqlite.rows([.integers([])]).isEmpty)
        #expect(Dialect.postgresql.rows([.integers([]), .texts([])]).isEmpty)
        #expect(Dialect.postgresql.rows([]).isEmpty)
    }

    @Test func `SQLite rejects an array`() async throws {
        try await withDatabase(.sqlite) { database in
            _ = await #expect(throws: DatabaseError.self) {
                try await database.read { try $0.rows("SELECT \(SQLValue.array(.integers([1])))") { $0.int(0) } }
            }
        }
    }
}
