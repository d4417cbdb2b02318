internal import CLibPQ
internal import Database

/// A libpq connection in pipeline mode: the commands that must precede a statement (`BEGIN`, the preparation of a new statement) are
/// sent together with it, in one round trip.
final class PostgreSQLConnection: Connection {
    private let handle: OpaquePointer
    /// The names of prepared statements by text and parameter types.
    private var prepared: [StatementKey: String] = [:]
    private var preparedCount = 0
    /// The commands sent since the last sync whose results have not been read yet.
    private var pendingResults: [PendingResult] = []
    private var pendingBegin: String?
    private(set) var hasBegun = false
    private(set) var commitWasSent = false
    /// The number of syncs, such as that of a read's `COMMIT`, whose results have not been read yet.
    private var unreadSyncs = 0

    private enum PendingResult {
        case preparation(StatementKey)
        case command
        case query(Int)
    }

    /// Received results that have not been read yet, by query number.
    private var results: [Int: OpaquePointer] = [:]
    private var queryCount = 0

    private struct StatementKey: Hashable {
        var text: String
        var types: [Oid]
    }

    /// The maximum number of prepared statements. When it is reached, all are dropped: tracking the least recently used isn't worthwhile.
    private static let preparedLimit = 512

    /// Connects; waits for at most 5 seconds.
    ///
    /// - Parameter statementTimeout: the maximum duration of a statement; `nil` means no limit.
    init(uri: String, statementTimeout: Duration?) throws {
        // A dead network is detected within 10 seconds. Planning a multi-row statement takes longer than running it, so plans are cached
        // (force_generic_plan); compiling them (jit) never pays off for our statements. All of our statements can use an index, so
        // sequential scans are disabled.
        let settings = [
            "statement_timeout=\(statementTimeout.map { Int($0 / .milliseconds(1)) } ?? 0)", "plan_cache_mode=force_generic_plan",
            "jit=off", "enable_seqscan=off", "default_transaction_isolation=read\\ committed",
        ]
        let parameters = [
            ("dbname", uri), ("connect_timeout", "5"), ("tcp_user_timeout", "10000"), ("keepalives_idle", "10"),
            ("application_name", "unladen"), ("client_encoding", "UTF8"),
            ("options", settings.map { "-c \($0)" }.joined(separator: " ")),
        ]
        let keywords = CStringArray(parameters.map(\.0))
        let values = CStringArray(parameters.map(\.1))
        guard let handle = PQconnectdbParams(keywords.pointers, values.pointers, 1) else {
            throw DatabaseError(.unavailable, "libpq can't allocate memory for a connection")
        }
        self.handle = handle
        guard PQstatus(handle) == CONNECTION_OK, PQenterPipelineMode(handle) == 1 else {
            let message = String(cString: PQerrorMessage(handle))
            PQfinish(handle)
            throw DatabaseError(.unavailable, "can't connect to PostgreSQL: \(ConnectionURIRedactor(uri).redacted(message))")
        }
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    func close() {
        clearResults()
        PQfinish(handle)
    }

    var isBroken: Bool { PQstatus(handle) != CONNECTION_OK }

    var dialect: Dialect { .postgresql }

    // MARK: Transactions

    /// Defers `BEGIN` until the next statement, so that a transaction without statements costs nothing.
    func beginWithNextStatement(_ begin: String?) {
        clearResults()
        pendingBegin = begin
        hasBegun = false
        commitWasSent = false
    }

    /// Starts a read of a single statement, which needs no transaction.
    func beginStatement() { beginWithNextStatement(nil) }

    func cancelBegin() {
        pendingBegin = nil
    }

    /// Commits, and waits for the server's confirmation.
    func commit() throws {
        commitWasSent = true
        try sendText("COMMIT")
        try sync()
        // If this or a submitted statement fails, `hasBegun` stays true and the transaction must be rolled back.
        try readPendingResults { try self.readResult { _ in } }
        hasBegun = false
    }

    /// Ends a read transaction without waiting for the result.
    func endRead() {
        pendingBegin = nil
        discardPendingResults()
        guard hasBegun else { return }
        hasBegun = false
        // The next use detects a failure as a broken connection.
        guard (try? sendText("COMMIT")) != nil, (try? sync()) != nil else { return }
        unreadSyncs += 1
    }

    func rollBack() {
        pendingBegin = nil
        guard !isBroken else { return }
        discardPendingResults()
        guard hasBegun else { return }
        hasBegun = false
        // A failure here means that the connection is broken, which ends the transaction too.
        guard (try? sendText("ROLLBACK")) != nil, (try? sync()) != nil else { return }
        unreadSyncs += 1
    }

    // MARK: Connection

    func query(_ sql: SQL, _ body: (borrowing Row) throws -> Void) throws {
        try run(sql) { result in try Self.forEachRow(of: result, body) }
    }

    func executeAutocommit(_ sql: SQL) throws {
        guard !hasBegun else { throw DatabaseError(.failure, "a statement can't be autocommitted inside a transaction") }
        let begin = pendingBegin
        pendingBegin = nil
        defer { pendingBegin = begin }
        // The following sync commits it.
        try run(sql) { _ in }
    }

    private static func forEachRow(of result: OpaquePointer, _ body: (borrowing Row) throws -> Void) throws {
        let source = PostgreSQLRow(result)
        let row = Row(source: source)
        for index in 0..<PQntuples(result) {
            source.index = index
            try body(row)
        }
    }

    @discardableResult
    func execute(_ sql: SQL) throws -> Int {
        var changed = 0
        try run(sql) { result in changed = Int(String(cString: PQcmdTuples(result))) ?? 0 }
        return changed
    }

    func executeScript(_ script: StaticString) throws {
        // The extended query protocol accepts one statement at a time.
        for statement in PostgreSQLScript.statements(of: script.description) {
            try sendBeginIfPending()
            try sendText(statement)
            try sync()
            try readPendingResults { try self.readResult { _ in } }
        }
    }

    // MARK: One statement

    private var beginWasSent = false

    func submit(_ sql: SQL) throws {
        try dispatch(sql)
        pendingResults.append(.command)
    }

    func send(_ sql: SQL) throws -> PipelinedQuery {
        try dispatch(sql)
        queryCount += 1
        pendingResults.append(.query(queryCount))
        return PipelinedQuery(sql, number: queryCount)
    }

    func read(_ query: PipelinedQuery, _ body: (borrowing Row) throws -> Void) throws {
        if results[query.number] == nil {
            try sync()
            try readPendingResults()
        }
        guard let result = results.removeValue(forKey: query.number) else {
            throw DatabaseError(.failure, "the rows of a query can be read only once and within its transaction")
        }
        defer { PQclear(result) }
        try Self.forEachRow(of: result, body)
    }

    private func clearResults() {
        for result in results.values { PQclear(result) }
        results = [:]
    }

    private func run(_ sql: SQL, _ body: (OpaquePointer) throws -> Void) throws {
        try dispatch(sql)
        try sync()
        try readPendingResults { try self.readResult(body) }
    }

    /// Sends a statement, after a pending `BEGIN` and its preparation.
    private func dispatch(_ sql: SQL) throws {
        let parameters = PostgreSQLParameters(sql.values)
        let key = StatementKey(text: sql.text, types: parameters.types)
        try sendBeginIfPending()
        let name: String
        if let known = prepared[key] {
            name = known
        } else {
            if prepared.count >= Self.preparedLimit { try deallocateAll() }
            preparedCount += 1
            name = "s\(preparedCount)"
            try check(PQsendPrepare(handle, name, Self.numbered(key.text), Int32(key.types.count), key.types))
            prepared[key] = name
            pendingResults.append(.preparation(key))
        }
        try parameters.withPointers { values, lengths, formats in
            try check(PQsendQueryPrepared(handle, name, Int32(parameters.types.count), values, lengths, formats, 1))
        }
    }

    /// Discards the results of commands that were sent, and sends a sync. This must happen before anything else is sent: after a failure,
    /// the server ignores everything up to the next sync, even a `ROLLBACK`.
    private func discardPendingResults() {
        guard !pendingResults.isEmpty || beginWasSent else { return }
        beginWasSent = false
        // It is unknown whether these were prepared.
        for case .preparation(let key) in pendingResults { prepared[key] = nil }
        pendingResults = []
        // A failure here means that the connection is broken.
        if (try? sync()) != nil { unreadSyncs += 1 }
    }

    /// Reads all results up to the next sync, even if one of them is an error; throws the first error.
    ///
    /// - Parameter last: reads the result of a command that is not among the pending results.
    private func readPendingResults(_ last: () throws -> Void = {}) throws {
        var failure: (any Error)?
        func attempt(_ step: () throws -> Void) throws {
            do { try step() } catch {
                if isBroken { throw failure ?? error }
                failure = failure ?? error
            }
        }
        let earlier = pendingResults
        pendingResults = []
        try skipUnreadSyncs()
        try attempt { try readBeginIfSent() }
        for pending in earlier {
            try attempt {
                if case .query(let number) = pending {
                    results[number] = try takeResult()
                } else {
                    try readResult { _ in }
                }
            }
            // After a failure, the server prepares nothing.
            if failure != nil, case .preparation(let key) = pending { prepared[key] = nil }
        }
        try attempt(last)
        try attempt { try readSync() }
        if let failure { throw failure }
    }

    /// The statement with PostgreSQL's placeholders `$1 … $n` instead of question marks.
    private static func numbered(_ text: String) -> String {
        var numbered = ""
        for (index, piece) in text.split(separator: "?", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { numbered += "$\(index)" }
            numbered += piece
        }
        return numbered
    }

    private func deallocateAll() throws {
        try sendText("DEALLOCATE ALL")
        try sync()
        try readPendingResults { try self.readResult { _ in } }
        prepared = [:]
    }

    private func sendBeginIfPending() throws {
        guard let begin = pendingBegin else { return }
        pendingBegin = nil
        try sendText(begin)
        hasBegun = true
        beginWasSent = true
    }

    private func readBeginIfSent() throws {
        guard beginWasSent else { return }
        beginWasSent = false
        try readResult { _ in }
    }

    // MARK: Bytes to and from the server

    private func sendText(_ text: String) throws {
        try check(PQsendQueryParams(handle, text, 0, nil, nil, nil, nil, 1))
    }

    private func sync() throws {
        try check(PQpipelineSync(handle))
    }

    private func check(_ status: Int32) throws {
        guard status == 1 else { throw connectionError() }
    }

    /// Reads the result of one command.
    private func readResult(_ body: (OpaquePointer) throws -> Void) throws {
        let result = try takeResult()
        defer { PQclear(result) }
        try body(result)
    }

    /// Reads the result of one command. The caller must clear it.
    private func takeResult() throws -> OpaquePointer {
        try skipUnreadSyncs()
        guard let result = PQgetResult(handle) else { throw connectionError() }
        // A command's results end with a null.
        while let rest = PQgetResult(handle) { PQclear(rest) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return result
        case PGRES_PIPELINE_ABORTED:
            PQclear(result)
            throw DatabaseError(.failure, "the command didn't run, because an earlier command failed")
        default:
            defer { PQclear(result) }
            throw DatabaseError(postgreSQLResult: result, isBroken: isBroken)
        }
    }

    /// Reads the result of a sync. A sync commits an implicit transaction, so an error may precede its result.
    private func readSync() throws {
        var failure: DatabaseError?
        var isEndKnown = false
        while true {
            guard let result = PQgetResult(handle) else {
                // A null ends the results of a failed command.
                guard failure != nil, !isEndKnown, !isBroken else { throw failure ?? connectionError() }
                isEndKnown = true
                continue
            }
            defer { PQclear(result) }
            if PQresultStatus(result) == PGRES_PIPELINE_SYNC { break }
            failure = failure ?? DatabaseError(postgreSQLResult: result, isBroken: isBroken)
        }
        if let failure { throw failure }
    }

    /// Skips the results of earlier `COMMIT`s and `ROLLBACK`s that no caller waited for.
    private func skipUnreadSyncs() throws {
        while unreadSyncs > 0 {
            guard let result = PQgetResult(handle) else {
                guard !isBroken else { throw connectionError() }
                continue
            }
            if PQresultStatus(result) == PGRES_PIPELINE_SYNC { unreadSyncs -= 1 }
            PQclear(result)
        }
    }

    private func connectionError() -> DatabaseError {
        DatabaseError(isBroken ? .unavailable : .failure, "PostgreSQL: " + String(cString: PQerrorMessage(handle)))
    }
}
