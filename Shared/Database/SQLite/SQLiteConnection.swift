internal import CSQLite
internal import Database

/// One open SQLite file, used by one thread at a time. Statements are prepared once and kept.
///
/// `@unchecked Sendable`: it is handed from thread to thread by `SQLiteReaderPool` and `ConnectionPool`, which lend it to one
/// caller at a time; SQLite itself is thread-safe.
final class SQLiteConnection: Connection, @unchecked Sendable {
    private let handle: OpaquePointer
    private var statements: [String: OpaquePointer] = [:]
    /// Beyond this many statements all are dropped: no workload of ours has so many shapes.
    private static let maximumCachedStatements = 512

    /// What may be done with a file.
    enum Access {
        /// Reading and writing; creates the file, with mode 0600.
        case write
        /// Reading a file that we also write.
        case read
        /// Reading another program's file, which stays as it is, its journal mode too.
        case readOnly
    }

    /// Opens a file.
    ///
    /// - Throws: `DatabaseError` of kind `unavailable` when that fails.
    init(path: String, access: Access) throws {
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
            let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "no memory"
            sqlite3_close_v2(handle)
            throw DatabaseError(sqliteCode: status, message: "can't open \(path): \(message)")
        }
        self.handle = handle
        sqlite3_extended_result_codes(handle, 1)
        // Another process, such as a backup, may hold the file for a moment.
        sqlite3_busy_timeout(handle, 5000)
        try SQLiteFunctions.register(on: handle)
        if access != .readOnly { for pragma in Self.pragmas { try query(pragma) { _ in } } }
        if access != .write { try execute("PRAGMA query_only = ON") }
    }

    /// `synchronous=FULL` makes a commit durable when it returns, in WAL mode too. `LIKE` is to mind the case, as PostgreSQL's does.
    private static let pragmas: [SQL] = [
        "PRAGMA page_size = 2048", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA case_sensitive_like = ON",
        "PRAGMA cache_size = -4096", "PRAGMA foreign_keys = ON",
        // Pages that many commits change are copied from the log to the file once in 40 MB of log and not in 4.
        "PRAGMA wal_autocheckpoint = 10000",
        // What a savepoint or a statement may have to undo: pages that would else go to a file, made anew for each commit.
        "PRAGMA temp_store = MEMORY",
        // Debian's library overwrites deleted rows with zeros by default, which costs writes and protects nobody here.
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

    /// Part of the transaction at hand: in this process a round trip costs nothing.
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

    /// Whether a transaction is open. An error such as a full disk ends the whole transaction by itself.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Runs `body` so that all its statements see one state.
    func withReadTransaction<Result>(_ body: (any Connection) throws -> Result) throws -> Result {
        try execute("BEGIN")
        defer {
            // Ending a read can't fail in a way that matters: nothing was written.
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
                throw DatabaseError(.failure, "the statement is being read already: \(text)")
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
                // An empty buffer may have no address, which SQLite would take for NULL.
                guard let address = utf8.baseAddress else { return unladen_bind_text(statement, index, "", 0) }
                return address.withMemoryRebound(to: CChar.self, capacity: utf8.count) {
                    unladen_bind_text(statement, index, $0, UInt64(utf8.count))
                }
            }
        case .bytes(let value):
            return value.withUnsafeBytes { bytes in
                // Zero bytes without an address would be NULL.
                guard let address = bytes.baseAddress else { return sqlite3_bind_zeroblob(statement, index, 0) }
                return unladen_bind_blob(statement, index, address, UInt64(bytes.count))
            }
        case .array:
            // `Dialect.rows` makes no arrays for SQLite.
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

    private func lastError() -> DatabaseError {
        DatabaseError(sqliteCode: sqlite3_extended_errcode(handle), message: String(cString: sqlite3_errmsg(handle)))
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
            // To ask for the bytes of a number would turn it into text.
            switch sqlite3_column_type(statement, column) {
            case SQLITE_TEXT, SQLITE_BLOB: sum + Int(sqlite3_column_bytes(statement, column))
            default: sum + MemoryLayout<Int64>.size
            }
        }
    }
}
