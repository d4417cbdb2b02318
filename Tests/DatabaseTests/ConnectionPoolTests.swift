import Database
import Dispatch
import Foundation
import Synchronization
import Testing

/// Counts running work items.
private final class Running: Sendable {
    let count = Mutex(0)
    private let ended = Mutex(0)

    func isLastToEnd() -> Bool {
        ended.withLock { ended in
            ended += 1
            return ended == 4
        }
    }
}

/// The pool of threads on which a driver's calls run.
@Suite struct ConnectionPoolTests {
    /// Session numbers, starting at 1.
    private final class Numbers: Sendable {
        private let last = Mutex(0)
        func next() -> Int {
            last.withLock { last in
                last += 1
                return last
            }
        }
    }

    private func pool(limit: Int) -> ConnectionPool<Int> {
        let numbers = Numbers()
        return ConnectionPool(limit: limit, open: { numbers.next() }, close: { _ in })
    }

    private func session(of pool: ConnectionPool<Int>) async throws -> Int {
        try await withCheckedThrowingContinuation { continuation in pool.submit { continuation.resume(with: $0) } }
    }

    /// Waits until all threads are idle.
    private func rest(_ pool: ConnectionPool<Int>) async throws {
        for _ in 0..<2000 where pool.counts.idle < pool.counts.threads { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test func `A thread starts for each waiting work item, up to the limit`() async throws {
        // Each work item waits until all of them are running.
        let pool = pool(limit: 4)
        let running = Running()
        await withCheckedContinuation { continuation in
            for _ in 0..<4 {
                pool.submit { _ in
                    running.count.withLock { $0 += 1 }
                    while running.count.withLock({ $0 }) < 4 { usleep(100) }
                    if running.isLastToEnd() { continuation.resume() }
                }
            }
        }
        await pool.stop()
    }

    @Test func `Consecutive work items use one session, however many there are`() async throws {
        let pool = pool(limit: 4)
        let gate = DispatchSemaphore(value: 0)
        await withTaskGroup { group in
            for _ in 0..<4 { group.addTask { _ = try? await session(of: pool, then: { gate.wait() }) } }
            while pool.counts.threads < 4 { await Task.yield() }
            for _ in 0..<4 { gate.signal() }
        }
        var used: Set<Int> = []
        for _ in 0..<50 {
            try await rest(pool)
            used.insert(try await session(of: pool))
        }
        #expect(pool.counts.threads == 4)
        #expect(used.count == 1)
        await pool.stop()
    }

    private func session(of pool: ConnectionPool<Int>, then block: @escaping @Sendable () -> Void) async throws -> Int {
        try await withCheckedThrowingContinuation { continuation in
            pool.submit { session in
                block()
                continuation.resume(with: session)
            }
        }
    }

    @Test func `A work item submitted by another one runs on the same thread, and two of them run on two threads`() async throws {
        let pool = pool(limit: 4)
        let following = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<[Int], any Error>) in
            pool.submit { first in
                pool.submit { second in
                    continuation.resume(with: Result { [try first.get(), try second.get()] })
                }
            }
        }
        #expect(following == [1, 1])
        #expect(pool.counts.threads == 1)

        // Each of the two waits for the other: on one thread, they would deadlock.
        let met = DispatchSemaphore(value: 0)
        let other = DispatchSemaphore(value: 0)
        let bothCame = await withCheckedContinuation { continuation in
            pool.submit { _ in
                pool.submit { _ in
                    met.signal()
                    continuation.resume(returning: other.wait(timeout: .now() + 10) == .success)
                }
                pool.submit { _ in
                    other.signal()
                    _ = met.wait(timeout: .now() + 10)
                }
            }
        }
        #expect(bothCame)
        await pool.stop()
    }

    @Test func `Every work item runs, however many threads submit them`() async throws {
        let pool = pool(limit: 3)
        let done = Numbers()
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<500 where (try? await session(of: pool)) != nil { _ = done.next() }
                }
            }
        }
        #expect(done.next() == 4001)
        await pool.stop()
        #expect(pool.counts.threads == 0)
        await #expect(throws: DatabaseError.self) { try await session(of: pool) }
    }
}
