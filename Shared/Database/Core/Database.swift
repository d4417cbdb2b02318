/// A relational database that a service owns.
///
/// Access is asynchronous outside and synchronous inside, so that nothing can suspend within a transaction. One closure is
/// one transaction: it commits when the closure returns and rolls back when it throws. When `write` has returned, what it
/// wrote is on disk.
package protocol Database: Sendable {
    var dialect: Dialect { get }

    /// Runs `body` in a read transaction: all its statements see one state of the data.
    ///
    /// - Parameter kind: how much it reads, which decides where it runs.
    func read<Result: Sendable>(
        _ kind: ReadKind, _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result

    /// Runs `body` in a write transaction, and `completion` with its result when that is on disk. It may be run again from the
    /// start when the engine asks for that (a deadlock, a serialisation failure), so it must have no effect outside the
    /// database.
    ///
    /// `completion` runs on a thread of the database: it hands the result on and returns within a fraction of a millisecond.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Result,
        completion: @escaping @Sendable (Swift.Result<Result, any Error>) -> Void)

    /// Figures about the driver, for `/metrics`.
    var statistics: DatabaseStatistics { get }

    /// Ends all connections once what is under way has finished.
    func close() async
}

/// How much a read touches.
package enum ReadKind: Sendable {
    /// A few rows by their keys, with one statement, which needs no transaction to see one state.
    case statement
    /// A few rows by their keys: microseconds, done where the caller runs when the engine is in this process.
    case point
    /// Anything else: done on a thread of the database. Only a part of the connections is lent to scans, so that slow ones can't keep
    /// everything else waiting.
    case scan
    /// A sign of life, for a probe: done on a connection of its own, so that it never waits behind work.
    case probe
}

extension Database {
    /// Runs a read that may take long.
    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result {
        try await read(.scan, body)
    }

    /// Runs `body` in a write transaction; returns when what it wrote is on disk.
    @discardableResult
    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            write(body) { continuation.resume(with: $0) }
        }
    }
}

/// The synchronous side of a database, valid inside a `read` or `write` closure only.
package protocol Connection: AnyObject {
    var dialect: Dialect { get }

    /// Runs a statement and hands each row of its result to `body`.
    func query(_ sql: SQL, _ body: (borrowing Row) throws -> Void) throws

    /// Runs a statement that is all of a write: over a wire, it comes back with its commit, in one round trip. Nothing may have been
    /// run before it in the same write. When it fails, a body can go another way, which is a transaction as usual. It is run again
    /// when the connection was lost, and may have been committed then: it must be such that it fails the second time.
    func executeAutocommit(_ sql: SQL) throws

    /// Starts a query whose rows `read` takes later: over a wire, those of several queries come in one round trip.
    func send(_ sql: SQL) throws -> PipelinedQuery

    /// Hands each row of a query that was sent in this transaction to `body`; once for each query.
    func read(_ query: PipelinedQuery, _ body: (borrowing Row) throws -> Void) throws

    /// Runs a statement without a result and returns how many rows it inserted, changed or deleted.
    @discardableResult
    func execute(_ sql: SQL) throws -> Int

    /// Runs a statement of which only the effect counts: over a wire, nobody waits for its end, so it costs no round trip. When it
    /// fails, so does what comes next in the transaction, its commit at the latest.
    func submit(_ sql: SQL) throws

    /// Runs statements separated by semicolons, without values: migrations.
    func executeScript(_ script: StaticString) throws
}

extension Connection {
    /// All rows, each made into a value.
    package func rows<Value>(_ sql: SQL, _ make: (borrowing Row) throws -> Value) throws -> [Value] {
        var values: [Value] = []
        try query(sql) { values.append(try make($0)) }
        return values
    }

    /// The first row made into a value, `nil` when there is none. The statement should have a `LIMIT 1` or a unique key.
    package func first<Value>(_ sql: SQL, _ make: (borrowing Row) throws -> Value) throws -> Value? {
        var value: Value?
        try query(sql) { row in if value == nil { value = try make(row) } }
        return value
    }

    /// Whether the statement has any row.
    package func exists(_ sql: SQL) throws -> Bool {
        try first(sql) { _ in true } ?? false
    }
}

/// Which engine runs, for the few places where they differ (`Dialect.swift` holds all of them).
package enum Dialect: Sendable {
    case sqlite
    case postgresql
}

/// Figures about a driver at one moment.
package struct DatabaseStatistics: Sendable {
    package var connections: Int
    package var idleConnections: Int
    /// Calls that wait for a connection or for the writer.
    package var waiting: Int
    /// Transactions committed by the writer since the start.
    package var commits: Int
    /// Write closures that those commits carried: `writes / commits` is the size of a group.
    package var writes: Int

    package init(connections: Int, idleConnections: Int, waiting: Int, commits: Int, writes: Int) {
        self.connections = connections
        self.idleConnections = idleConnections
        self.waiting = waiting
        self.commits = commits
        self.writes = writes
    }
}
