internal import Synchronization

/// Runs many small writes of one kind as few transactions: what arrives while a transaction is under way goes into the next
/// one, as one list, so that the statements can take many rows at once.
///
/// This is the group commit for writes that can share their statements; it adds no delay when there is no load.
package final class WriteBatcher<Item: Sendable, Output: Sendable>: Sendable {
    /// Writes the items and returns a result for each, in their order. An item that fails by the rules gets its error as its
    /// result, and has written nothing.
    package typealias Body = @Sendable (_ connection: any Connection, _ items: [Item]) throws -> [Result<Output, any Error>]

    private let database: any Database
    private let limit: Int
    private let body: Body
    private let state = Mutex(State())

    private struct State {
        var waiting: [Entry] = []
        var isRunning = false
    }

    private struct Entry: Sendable {
        var item: Item
        var continuation: CheckedContinuation<Output, any Error>
    }

    /// - Parameter limit: items in one transaction at most.
    package init(database: any Database, limit: Int = 256, body: @escaping Body) {
        self.database = database
        self.limit = limit
        self.body = body
    }

    /// Writes one item; returns when the commit that holds it is on disk.
    package func write(_ item: Item) async throws -> Output {
        try await withCheckedThrowingContinuation { continuation in
            let mustStart = state.withLock { state in
                state.waiting.append(Entry(item: item, continuation: continuation))
                defer { state.isRunning = true }
                return !state.isRunning
            }
            if mustStart { runNextGroup() }
        }
    }

    private func runNextGroup() {
        guard let group = nextGroup() else { return }
        run(group) { [self] in runNextGroup() }
    }

    private func run(_ group: [Entry], then next: @escaping @Sendable () -> Void) {
        database.write { [body] connection in
            try body(connection, group.map(\.item))
        } completion: { [self] outcome in
            switch outcome {
            case .success(let results):
                next()
                for (entry, result) in zip(group, results) { entry.continuation.resume(with: result) }
                for entry in group.dropFirst(results.count) {
                    entry.continuation.resume(throwing: DatabaseError(.failure, "a batch returned too few results"))
                }
            case .failure(let error as DatabaseError) where error.kind != .unavailable && group.count > 1:
                // One of the items broke the transaction: each gets one of its own, so that only that one fails.
                runEach(group[...], then: next)
            case .failure(let error):
                next()
                for entry in group { entry.continuation.resume(throwing: error) }
            }
        }
    }

    private func runEach(_ group: ArraySlice<Entry>, then next: @escaping @Sendable () -> Void) {
        guard let first = group.first else { return next() }
        run([first]) { [self] in runEach(group.dropFirst(), then: next) }
    }

    private func nextGroup() -> [Entry]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isRunning = false
                return nil
            }
            let group = Array(state.waiting.prefix(limit))
            state.waiting.removeFirst(group.count)
            return group
        }
    }
}
