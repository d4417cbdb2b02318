internal import Database
internal import Synchronization

/// A pool of read connections, each lent to one caller at a time. They run on callers' threads, event loops among them, so they never wait
/// for locks.
final class SQLiteReaderPool: Sendable {
    private let path: String
    private let access: SQLiteConnection.Access
    private let limit: Int
    private let state = Mutex(State())

    private struct State {
        var idle: [SQLiteConnection] = []
        var count = 0
    }

    init(path: String, access: SQLiteConnection.Access, limit: Int) {
        self.path = path
        self.access = access
        self.limit = limit
    }

    var counts: (connections: Int, idle: Int) { state.withLock { ($0.count, $0.idle.count) } }

    /// Returns an idle connection, or opens one if there are fewer than the limit; `nil` when all are in use.
    ///
    /// - Throws: `SQLiteLockedError` if the file can't be opened now, or `DatabaseError`.
    func acquire() throws -> SQLiteConnection? {
        enum Choice {
            case idle(SQLiteConnection)
            case new
            case none
        }
        let choice: Choice = state.withLock { state in
            if let connection = state.idle.popLast() { return .idle(connection) }
            guard state.count < limit else { return .none }
            state.count += 1
            return .new
        }
        switch choice {
        case .idle(let connection): return connection
        case .none: return nil
        case .new:
            do {
                return try SQLiteConnection(path: path, access: access, waitsForLocks: false)
            } catch {
                state.withLock { $0.count -= 1 }
                throw error
            }
        }
    }

    func release(_ connection: SQLiteConnection) {
        state.withLock { $0.idle.append(connection) }
    }
}
