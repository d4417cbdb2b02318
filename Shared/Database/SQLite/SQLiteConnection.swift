internal import CSQLite
internal import Database

/// A connection to a SQLite file, used by one thread at a time. Caches prepared statements.
///
/// `@unchecked Sendable`: `SQLiteReaderPool` and `ConnectionPool` lend it to one caller at a time; SQLite itself is thread-safe.
final class SQLiteConnection: Connection, @unchecked Sendable {
    private let handle: OpaquePointer
    private let waitsForLocks: Bool
    private var statements: [String: OpaquePointer] = [:]
    /// The maximum number of cached statements, more than any of our workloads has. When it is reached, all idle ones are dropped.
    private static let maximumCachedStatements = 512

    /// The access to a file.
    enum Access {
        /// Read and write; creates the file, with mode 0600.
        case write
        /// Read a file that this program also writes.
        case read
        /// Read another program's file without changing anything, not even its journal mode.
        case readOnly
    }

    /// Opens a file.
    ///
    /// - Parameter waitsForLocks: whether a call waits up to five seconds for a lock that another process holds, as a backup does for a
    ///   moment. Otherwise it throws `SQLiteLockedError` at once.
    /// - Throws: `DatabaseError` of kind `unavailable` when that fails.
    init(path: String, access: Access, waitsForLocks: Bool = true) throws {
        if access == .write { PrivateFile.create(path) }
        var handle: OpaquePointer?
        let mode =
            switch access {
            case .write: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .read: SQLITE_OPEN_READWRITE
            case .readOnly: SQLITE_OPEN_READONLY
            }
        let status = sqlite3_open_v2(path, &handle, mode | SQLITE_OPEN_NOMUTEX, nil)
        guard status == SQLITE_OK, let handle else {
            let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(handle)
            throw DatabaseError(sqliteCode: status, message: "can't open \(path): \(message)")
        }
        self.handle = handle
        self.waitsForLocks = waitsForLocks
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, waitsForLocks ? 5000 : 0)
        try SQLiteFunctions.register(on: handle)
        if access != .readOnly { for pragma in Self.pragmas { try query(pragma) { _ in } } }
        if access != .write { try execute("PRAGMA query_only = ON") }
    }

    /// `synchronous=FULL` makes a commit durable when it returns, even in WAL mode. `LIKE` is case-sensitive, as in PostgreSQL.
    private static let pragmas: [SQL] = [
        "PRAGMA page_size = 2048", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA case_sensitive_like = ON",
        "PRAGMA cache_size = -4096", "PRAGMA foreign_keys = ON",
        // Checkpoint less often than by default, so that pages changed by many commits are copied to the file fewer times. In pages.
        "PRAGMA wal_autocheckpoint = 10000",
        // Keep statement and savepoint journals in memory; otherwise SQLite would create a temporary file for each commit.
        "PRAGMA temp_store = MEMORY",
        // Debian's build overwrites deleted rows with zeros by default, which costs writes without a benefit here.
        "PRAGMA secure_delete = OFF",
    ]

    deinit {
        dropIdleStatements()
        sqlite3_close_v2(handle)
    }

    var dialect: Dialect { .sqlite }

    func query(_ sql: SQL, _ body: (borrowing Row) throws -> Void) throws {
        let statement = try prepare(sql)
        defer { finish(statement) }
        let row = Row(source: SQLiteRow(statement))
        while try step(statement) { try body(row) }
    }

    /// Runs in the current transaction: there is no round trip to save.
    func executeAutocommit(_ sql: SQL) throws { try execute(sql) }

    @discardableResult
    func execute(_ sql: SQL) throws -> Int {
        let statement = try prepare(sql)
        defer { finish(statement) }
        while try step(statement) {}
        return Int(sqlite3_changes(handle))
    }

    func submit(_ sql: SQL) throws { try execute(sql) }

    func send(_ sql: SQL) throws -> PipelinedQuery { PipelinedQuery(sql, number: 0) }

    func read(_ sent: PipelinedQuery, _ body: (borrowing Row) throws -> Void) throws { try query(sent.sql, body) }

    func executeScript(_ script: StaticString) throws {
        guard sqlite3_exec(handle, script.description, nil, nil, nil) == SQLITE_OK else { throw lastError() }
    }

    /// Whether a transaction is open. An error such as a full disk rolls back the whole transaction.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Runs `body` in a read transaction: all its statements see the same snapshot.
    func withReadTransaction<Result>(_ body: (any Connection) throws -> Result) throws -> Result {
        try execute("BEGIN")
        defer {
            // A failure to end a read doesn't matter: nothing was written.
            _ = try? execute("COMMIT")
        }
        return try body(self)
    }

    private func prepare(_ sql: SQL) throws -> OpaquePointer {
        let statement = try cachedStatement(sql.text)
        for (index, value) in sql.values.enumerated() {
            guard bind(value, to: statement, at: Int32(index + 1)) == SQLITE_OK else { throw lastError() }
        }
        return statement
    }

    private func cachedStatement(_ text: String) throws -> OpaquePointer {
        if let statement = statements[text] {
            guard sqlite3_stmt_busy(statement) == 0 else {
                throw DatabaseError(.failure, "the statement is already being read: \(text)")
            }
            return statement
        }
        if statements.count >= Self.maximumCachedStatements { dropIdleStatements() }
        var statement: OpaquePointer?
        let status = sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard status == SQLITE_OK, let statement else { throw lastError() }
        statements[text] = statement
        return statement
    }

    private func dropIdleStatements() {
        for (text, statement) in statements where sqlite3_stmt_busy(statement) == 0 {
            sqlite3_finalize(statement)
            statements[text] = nil
        }
    }

    private func bind(_ value: SQLValue, to statement: OpaquePointer, at index: Int32) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(statement, index)
        case .integer(let value): return sqlite3_bind_int64(statement, index, value)
        case .double(let value): return sqlite3_bind_double(statement, index, value)
        case .text(var value):
            return value.withUTF8 { utf8 in
                // An empty buffer may have no address, which SQLite would interpret as NULL.
                guard let address = utf8.baseAddress else { return unladen_bind_text(statement, index, "", 0) }
                return address.withMemoryRebound(to: CChar.self, capacity: utf8.count) {
                    unladen_bind_text(statement, index, $0, UInt64(utf8.count))
                }
            }
        case .bytes(let value):
            return value.withUnsafeBytes { bytes in
                // SQLite would interpret a missing address as NULL.
                guard let address = bytes.baseAddress else { return sqlite3_bind_zeroblob(statement, index, 0) }
                return unladen_bind_blob(statement, index, address, UInt64(bytes.count))
            }
        case .array:
            // `Dialect.rows` never uses arrays on SQLite.
            return SQLITE_MISMATCH
        }
    }

    /// Moves to the next row; `false` at the end.
    private func step(_ statement: OpaquePointer) throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw lastError()
        }
    }

    private func finish(_ statement: OpaquePointer) {
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
    }

    private func lastError() -> any Error {
        let code = sqlite3_extended_errcode(handle)
        if !waitsForLocks, [SQLITE_BUSY, SQLITE_LOCKED].contains(code & 0xFF) { return SQLiteLockedError() }
        return DatabaseError(sqliteCode: code, message: String(cString: sqlite3_errmsg(handle)))
    }
}

/// The current row of a statement.
private final class SQLiteRow: RowSource {
    private let statement: OpaquePointer

    init(_ statement: OpaquePointer) {
        self.statement = statement
    }

    func isNull(_ column: Int) -> Bool { sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL }

    func integer(_ column: Int) -> Int64 { sqlite3_column_int64(statement, Int32(column)) }

    func double(_ column: Int) -> Double { sqlite3_column_double(statement, Int32(column)) }

    func utf8(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        let text = sqlite3_column_text(statement, Int32(column))
        return UnsafeBufferPointer(start: text, count: text == nil ? 0 : Int(sqlite3_column_bytes(statement, Int32(column))))
    }

    func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        let bytes = sqlite3_column_blob(statement, Int32(column))
        let count = bytes == nil ? 0 : Int(sqlite3_column_bytes(statement, Int32(column)))
        return UnsafeBufferPointer(start: bytes?.assumingMemoryBound(to: UInt8.self), count: count)
    }

    var size: Int {
        (0..<sqlite3_data_count(statement)).reduce(0) { sum, column in
            // sqlite3_column_bytes would convert a number to text.
            switch sqlite3_column_type(statement, column) {
            case SQLITE_TEXT, SQLITE_BLOB: sum + Int(sqlite3_column_bytes(statement, column))
            default: sum + MemoryLayout<Int64>.size
            }
        }
    }
}
