internal import Synchronization

/// Runs many small reads of one kind as few statements: what is asked for while statements are under way goes into the next
/// one. It adds no delay when there is no load.
package final class ReadBatcher<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// Reads what there is for the keys, which differ, in one transaction.
    package typealias Body = @Sendable (_ keys: [Key], _ connection: any Connection) throws -> [Key: Value]

    private let database: any Database
    private let limit: Int
    private let body: Body
    private let state = Mutex(State())

    /// Statements at once: one is read by the database while the answer to the other is taken apart.
    private static var width: Int { 2 }

    private struct State {
        var waiting: [Entry] = []
        var running = 0
    }

    private struct Entry: Sendable {
        var key: Key
        var continuation: CheckedContinuation<Turn, any Error>
    }

    /// What ends the waiting of a read.
    private enum Turn: Sendable {
        /// Another one has read it.
        case done(Value?)
        /// It is its turn to read for itself and these.
        case lead([Entry])
    }

    /// - Parameter limit: keys in one statement at most.
    package init(database: any Database, limit: Int = 64, body: @escaping Body) {
        self.database = database
        self.limit = limit
        self.body = body
    }

    /// What there is for the key.
    package func read(_ key: Key) async throws -> Value? {
        switch try await turn(for: key) {
        case .done(let value): return value
        case .lead(let others): return try await lead(key, others)
        }
    }

    private func turn(for key: Key) async throws -> Turn {
        try await withCheckedThrowingContinuation { continuation in
            let mayLead = state.withLock { state in
                guard state.running < Self.width else {
                    state.waiting.append(Entry(key: key, continuation: continuation))
                    return false
                }
                state.running += 1
                return true
            }
            if mayLead { continuation.resume(returning: .lead([])) }
        }
    }

    private func lead(_ key: Key, _ others: [Entry]) async throws -> Value? {
        let keys = Array(Set(others.map(\.key) + [key]))
        let hasHandedOn = Mutex(false)
        do {
            return try await database.read(.point) { [self, body] connection in
                let values = try body(keys, connection)
                // On the database's thread: the one that the leader's task needs may be busy with another request.
                hasHandedOn.withLock { $0 = true }
                handOn(.success(values), to: others)
                return values[key]
            }
        } catch {
            if !hasHandedOn.withLock({ $0 }) { handOn(.failure(error), to: others) }
            throw error
        }
    }

    /// Lets those that wait next have their turn, and gives the others what was read for them.
    private func handOn(_ result: Result<[Key: Value], any Error>, to others: [Entry]) {
        let next = state.withLock { state in
            let next = Array(state.waiting.prefix(limit))
            state.waiting.removeFirst(next.count)
            if next.isEmpty { state.running -= 1 }
            return next
        }
        next.first?.continuation.resume(returning: .lead(Array(next.dropFirst())))
        for other in others { other.continuation.resume(with: result.map { .done($0[other.key]) }) }
    }
}
