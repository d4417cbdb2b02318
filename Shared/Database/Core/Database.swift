/// A relational database that a service owns.
///
/// Access is asynchronous outside and synchronous inside, so that nothing can suspend within a transaction. One closure is
/// one transaction: it commits when the closure returns and rolls back when it throws. When `write` returns, its changes are on disk.
package protocol Database: Sendable {
    /// The engine's SQL dialect.
    var dialect: Dialect { get }

    /// Runs `body` in a read transaction: all its statements see the same snapshot.
    ///
    /// - Parameter kind: how much `body` reads, which decides where it runs.
    func read<Result: Sendable>(
        _ kind: ReadKind, _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result

    /// Runs `body` in a write transaction, and calls `completion` with its result when its changes are on disk. The driver reruns `body`
    /// after a deadlock or a serialization failure, so it must have no effect outside the database.
    ///
    /// `completion` runs on a database thread: it must pass the result on and return within a fraction of a millisecond.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Result,
        completion: @escaping @Sendable (Swift.Result<Result, any Error>) -> Void)

    /// The driver's statistics, for `/metrics`.
    var statistics: DatabaseStatistics { get }

    /// Waits for running work to finish, and closes all connections.
    func close() async
}

/// The kind of a read, by the amount of data that it touches.
package enum ReadKind: Sendable {
    /// A few rows by key with one statement, which needs no transaction to see a consistent snapshot.
    case statement
    /// A few rows by key. Takes microseconds, and runs on the caller's thread when the engine is in this process. The driver reruns it
    /// on a database thread if it would have to wait for a lock.
    case point
    /// Any other read. Runs on a database thread. Scans may use only some of the connections, so that slow ones can't block other work.
    case scan
    /// A health check. Runs on a dedicated connection, so that it never waits behind other work.
    case probe
}

extension Database {
    /// Runs a read that may take a long time.
    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result {
        try await read(.scan, body)
    }

    /// Runs `body` in a write transaction; returns when its changes are on disk.
    @discardableResult
    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            write(body) { continuation.resume(with: $0) }
        }
    }
}

/// The synchronous side of a database, valid only inside a `read` or `write` closure.
package protocol Connection: AnyObject {
    /// The engine's SQL dialect.
    var dialect: Dialect { get }

    /// Runs a statement and passes each row of its result to `body`.
    func query(_ sql: SQL, _ body: (borrowing Row) throws -> Void) throws

    /// Runs a statement that is an entire write: over a network, it is executed and committed in one round trip. It must be the first
    /// statement of the write. If it fails, the closure may run other statements, as an ordinary transaction. After a lost connection
    /// the driver reruns it, although it may have been committed: the statement must fail the second time.
    func executeAutocommit(_ sql: SQL) throws

    /// Starts a query whose rows `read` returns later: over a network, several queries share one round trip.
    func send(_ sql: SQL) throws -> PipelinedQuery

    /// Passes each row of a query that was sent in this transaction to `body`. Each query can be read once.
    func read(_ query: PipelinedQuery, _ body: (borrowing Row) throws -> Void) throws

    /// Runs a statement without a result and returns the number of rows that it inserted, updated or deleted.
    @discardableResult
    func execute(_ sql: SQL) throws -> Int

    /// Runs a statement without waiting for it to finish: over a network, it needs no round trip. If it fails, so does the
    /// next statement of the transaction, or its commit.
    func submit(_ sql: SQL) throws

    /// Runs statements separated by semicolons, without values: migrations.
    func executeScript(_ script: StaticString) throws
}

extension Connection {
    /// All rows, each converted to a value by `make`.
    package func rows<Value>(_ sql: SQL, _ make: (borrowing Row) throws -> Value) throws -> [Value] {
        var values: [Value] = []
        try query(sql) { values.append(try make($0)) }
        return values
    }

    /// The first row, converted to a value by `make`; `nil` if there is none. The statement should have a `LIMIT 1` or match a unique key.
    package func first<Value>(_ sql: SQL, _ make: (borrowing Row) throws -> Value) throws -> Value? {
        var value: Value?
        try query(sql) { row in if value == nil { value = try make(row) } }
        return value
    }

    /// Whether the statement returns any row.
    package func exists(_ sql: SQL) throws -> Bool {
        try first(sql) { _ in true } ?? false
    }
}

/// The database engine, for the few statements in which the engines differ (`Dialect.swift` contains all of them).
package enum Dialect: Sendable {
    case sqlite
    case postgresql
}

/// A driver's statistics at one moment.
package struct DatabaseStatistics: Sendable {
    package var connections: Int
    package var idleConnections: Int
    /// Calls that are waiting for a connection or for the writer.
    package var waiting: Int
    /// Write transactions committed since the process started.
    package var commits: Int
    /// Write closures in those commits: `writes / commits` is the average size of a group.
    package var writes: Int

    package init(connections: Int, idleConnections: Int, waiting: Int, commits: Int, writes: Int) {
        self.connections = connections
        self.idleConnections = idleConnections
        self.waiting = waiting
        self.commits = commits
        self.writes = writes
    }
}
