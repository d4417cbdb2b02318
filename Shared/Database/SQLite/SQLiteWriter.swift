internal import Database
internal import Synchronization

/// The only writer of a SQLite file. It runs all waiting writes in one transaction, each in its own savepoint, and commits once. A write
/// that fails is rolled back alone.
final class SQLiteWriter: Sendable {
    struct Counts: Sendable {
        var waiting = 0
        var commits = 0
        var writes = 0
    }

    /// The maximum number of writes in one transaction, which bounds how long the first of them waits.
    private static let groupLimit = 256

    private let worker: ConnectionPool<SQLiteConnection>
    private let state = Mutex(State())

    private struct State {
        var waiting: [any PendingWrite] = []
        var isDraining = false
        var commits = 0
        var writes = 0
    }

    init(connection: SQLiteConnection) {
        worker = ConnectionPool(limit: 1, open: { connection }, close: { _ in })
    }

    var counts: Counts {
        state.withLock { Counts(waiting: $0.waiting.count, commits: $0.commits, writes: $0.writes) }
    }

    /// Queues a write; `completion` receives its result when the commit that includes it is on disk.
    func submit<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Result,
        completion: @escaping @Sendable (Swift.Result<Result, any Error>) -> Void
    ) {
        let write = Write(body: body, completion: completion)
        let mustStart = state.withLock { state in
            state.waiting.append(write)
            defer { state.isDraining = true }
            return !state.isDraining
        }
        if mustStart { worker.submit { [self] connection in drain(connection) } }
    }

    func close() async { await worker.stop() }

    private func drain(_ connection: Result<SQLiteConnection, any Error>) {
        while let group = nextGroup() {
            switch connection {
            case .success(let connection): run(group, on: connection)
            case .failure(let error): for write in group { write.finish(error) }
            }
        }
    }

    private func nextGroup() -> [any PendingWrite]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isDraining = false
                return nil
            }
            let group = Array(state.waiting.prefix(Self.groupLimit))
            state.waiting.removeFirst(group.count)
            return group
        }
    }

    private func run(_ group: [any PendingWrite], on connection: SQLiteConnection) {
        do {
            try connection.execute("BEGIN IMMEDIATE")
            if group.count == 1 {
                // A single write needs no savepoint: the transaction can be rolled back.
                try group[0].run(on: connection)
            } else {
                for write in group { try runInSavepoint(write, on: connection) }
            }
            try connection.execute("COMMIT")
        } catch {
            if connection.isInTransaction { _ = try? connection.execute("ROLLBACK") }
            for write in group { write.finish(error) }
            return
        }
        state.withLock { state in
            state.commits += 1
            state.writes += group.count
        }
        for write in group { write.finish(nil) }
    }

    /// Runs one write and records its failure. Throws only when the whole transaction was rolled back.
    private func runInSavepoint(_ write: any PendingWrite, on connection: SQLiteConnection) throws {
        try connection.execute("SAVEPOINT one")
        do {
            try write.run(on: connection)
        } catch {
            guard connection.isInTransaction else { throw error }
            write.fail(error)
            try connection.execute("ROLLBACK TO one")
        }
        try connection.execute("RELEASE one")
    }
}

/// A queued write, with the type of its result erased. Once dequeued, only the writer's thread uses it.
private protocol PendingWrite: AnyObject, Sendable {
    /// Runs the write and keeps its result.
    func run(on connection: SQLiteConnection) throws
    /// Keeps an error instead of the result.
    func fail(_ error: any Error)
    /// Completes the write: with `error` if the group failed, otherwise with the kept result or error.
    func finish(_ error: (any Error)?)
}

private final class Write<Value: Sendable>: PendingWrite {
    private let body: @Sendable (any Connection) throws -> Value
    private let completion: @Sendable (Result<Value, any Error>) -> Void
    private let outcome = Mutex<Result<Value, any Error>?>(nil)

    init(
        body: @escaping @Sendable (any Connection) throws -> Value,
        completion: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        self.body = body
        self.completion = completion
    }

    func run(on connection: SQLiteConnection) throws {
        let value = try body(connection)
        outcome.withLock { $0 = .success(value) }
    }

    func fail(_ error: any Error) {
        outcome.withLock { $0 = .failure(error) }
    }

    func finish(_ error: (any Error)?) {
        let outcome = outcome.withLock { $0 }
        switch (outcome, error) {
        case (.failure(let own), _): completion(.failure(own))
        case (_, .some(let error)): completion(.failure(error))
        case (.some(let outcome), nil): completion(outcome)
        case (nil, nil): completion(.failure(DatabaseError(.failure, "a write ended without a result")))
        }
    }
}
