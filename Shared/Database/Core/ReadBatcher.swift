internal import Synchronization

/// Combines many small reads of one kind into few statements: keys that arrive while statements are running go into the next
/// one. It adds no delay when there is no load.
package final class ReadBatcher<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// Reads the values of distinct keys in one transaction. Keys without a value are absent from the result.
    package typealias Body = @Sendable (_ keys: [Key], _ connection: any Connection) throws -> [Key: Value]

    private let database: any Database
    private let limit: Int
    private let body: Body
    private let state = Mutex(State())

    /// The number of concurrent statements: the database runs one while the result of the other is decoded.
    private static var maximumConcurrency: Int { 2 }

    private struct State {
        var waiting: [Waiter] = []
        var running = 0
    }

    private struct Waiter: Sendable {
        var key: Key
        var continuation: CheckedContinuation<Outcome, any Error>
    }

    /// The reason why a waiting read resumes.
    private enum Outcome: Sendable {
        /// Another read has read its value, too.
        case done(Value?)
        /// It must now read for itself and for these.
        case lead([Waiter])
    }

    /// - Parameter limit: the maximum number of keys in one statement.
    package init(database: any Database, limit: Int = 64, body: @escaping Body) {
        self.database = database
        self.limit = limit
        self.body = body
    }

    /// The value of a key; `nil` if there is none.
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
                // Done on the database's thread, because the leader's task may have to wait for a free thread.
                hasHandedOff.withLock { $0 = true }
                handOff(.success(values), to: others)
                return values[key]
            }
        } catch {
            if !hasHandedOff.withLock({ $0 }) { handOff(.failure(error), to: others) }
            throw error
        }
    }

    /// Starts the next group of waiting reads, and passes the result on to `others`.
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
