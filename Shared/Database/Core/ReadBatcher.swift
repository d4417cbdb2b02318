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

    /// Statements at once: one is read by the database while the result of the other is taken apart.
    private static var maximumConcurrency: Int { 2 }

    private struct State {
        var waiting: [Waiter] = []
        var running = 0
    }

    private struct Waiter: Sendable {
        var key: Key
        var continuation: CheckedContinuation<Outcome, any Error>
    }

    /// What ends the waiting of a read.
    private enum Outcome: Sendable {
        /// Another one has read it.
        case done(Value?)
        /// It is its turn to read for itself and these.
        case lead([Waiter])
    }

    /// - Parameter limit: keys in one statement at most.
    package init(database: any Database, limit: Int = 64, body: @escaping Body) {
        self.database = database
        self.limit = limit
        self.body = body
    }

    /// What there is for the key.
    package func read(_ key: Key) async throws -> Value? {
        switch try await outcome(for: key) {
        case .done(let value): return value
        case .lead(let others): return try await readAsLeader(key, others)
        }
    }

    private func outcome(for key: Key) async throws -> Outcome {
        try await withCheckedThrowingContinuation { continuation in
            let isLeader = state.withLock { state in
                guard state.running < Self.maximumConcurrency else {
                    state.waiting.append(Waiter(key: key, continuation: continuation))
                    return false
                }
                state.running += 1
                return true
            }
            if isLeader { continuation.resume(returning: .lead([])) }
        }
    }

    private func readAsLeader(_ key: Key, _ others: [Waiter]) async throws -> Value? {
        let keys = Array(Set(others.map(\.key) + [key]))
        let hasHandedOff = Mutex(false)
        do {
            return try await database.read(.point) { [self, body] connection in
                let values = try body(keys, connection)
                // On the database's thread: the one that the leader's task needs may be busy with another request.
                hasHandedOff.withLock { $0 = true }
                handOff(.success(values), to: others)
                return values[key]
            }
        } catch {
            if !hasHandedOff.withLock({ $0 }) { handOff(.failure(error), to: others) }
            throw error
        }
    }

    /// Lets those that wait next have their turn, and gives the others what was read for them.
    private func handOff(_ result: Result<[Key: Value], any Error>, to others: [Waiter]) {
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
