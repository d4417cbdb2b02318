internal import Foundation

/// Combines many small writes of one kind into few transactions: items that arrive while a transaction is running go into the next
/// one, as one list, so that statements can handle many rows at once.
///
/// This is a group commit for writes that can share their statements. Clients that receive their responses together send their next
/// requests together, but not at the same instant: the first of them would start a transaction alone, and all others would wait for it.
/// So after a transaction of several writes, the next one waits for as many, but only for a moment. A single client never waits.
///
/// `@unchecked Sendable`: `condition` guards all mutable state.
package final class WriteBatcher<Item: Sendable, Output: Sendable>: @unchecked Sendable {
    /// Writes the items and returns a result for each, in order. The result of an invalid item is its error; such an item writes nothing.
    package typealias Body = @Sendable (_ connection: any Connection, _ items: [Item]) throws -> [Result<Output, any Error>]

    private let database: any Database
    private let limit: Int
    private let commitDelay: TimeInterval
    private let body: Body
    private let condition = NSCondition()
    private var waiting: [PendingWrite] = []
    private var isRunning = false
    /// The number of waiting writes at which the next transaction starts at once; 0 when none is being delayed.
    private var targetSize = 0
    /// The number of writes in the last transaction.
    private var lastSize = 0

    private struct PendingWrite: Sendable {
        var item: Item
        var continuation: CheckedContinuation<Output, any Error>
    }

    /// - Parameters:
    ///   - limit: the maximum number of items in one transaction.
    ///   - commitDelay: how long a transaction waits for the clients of the previous one. Longer delays usually reduce the throughput.
    package init(database: any Database, limit: Int = 256, commitDelay: Duration = .microseconds(20), body: @escaping Body) {
        self.database = database
        self.limit = limit
        self.commitDelay = commitDelay / .seconds(1)
        self.body = body
    }

    /// Writes one item; returns when the commit that includes it is on disk.
    package func write(_ item: Item) async throws -> Output {
        try await withCheckedThrowingContinuation { continuation in
            let mustStart = condition.withLock {
                waiting.append(PendingWrite(item: item, continuation: continuation))
                if waiting.count == targetSize { condition.signal() }
                defer { isRunning = true }
                return !isRunning
            }
            if mustStart { runNextGroup() }
        }
    }

    private func runNextGroup() {
        guard let group = nextGroup() else { return }
        run(group) { [self] in runNextGroup() }
    }

    private func run(_ group: [PendingWrite], then next: @escaping @Sendable () -> Void) {
        database.write { [body] connection in
            try body(connection, group.map(\.item))
        } completion: { [self] outcome in
            switch outcome {
            case .success(let results):
                for (pending, result) in zip(group, results) { pending.continuation.resume(with: result) }
                for pending in group.dropFirst(results.count) {
                    pending.continuation.resume(throwing: DatabaseError(.failure, "a batch returned too few results"))
                }
                waitForWrites(after: group.count)
                next()
            case .failure(let error as DatabaseError) where error.kind != .unavailable && group.count > 1:
                // One of the items broke the transaction: run each in its own transaction, so that only that one fails.
                runEach(group[...], then: next)
            case .failure(let error):
                next()
                for pending in group { pending.continuation.resume(throwing: error) }
            }
        }
    }

    private func runEach(_ group: ArraySlice<PendingWrite>, then next: @escaping @Sendable () -> Void) {
        guard let first = group.first else { return next() }
        run([first]) { [self] in runEach(group.dropFirst(), then: next) }
    }

    /// Waits until as many writes are queued as the larger of the last two transactions had. Runs on a database thread.
    private func waitForWrites(after size: Int) {
        condition.withLock {
            let target = min(max(size, lastSize), limit)
            lastSize = size
            guard target > 1, waiting.count < target else { return }
            let deadline = Date(timeIntervalSinceNow: commitDelay)
            targetSize = target
            while waiting.count < target, condition.wait(until: deadline) {}
            targetSize = 0
        }
    }

    private func nextGroup() -> [PendingWrite]? {
        condition.withLock {
            guard !waiting.isEmpty else {
                isRunning = false
                return nil
            }
            let group = Array(waiting.prefix(limit))
            waiting.removeFirst(group.count)
            return group
        }
    }
}
