internal import Foundation

/// A pool of threads, each with a session of its own (a connection to a database), which take calls from one queue. Database
/// libraries block, so their calls must not run on the threads of Swift's concurrency. Threads are started when calls find
/// none idle, and stay.
///
/// `@unchecked Sendable`: everything that changes is guarded by `condition`; a session is used by its own thread only.
package final class SessionWorkers<Session>: @unchecked Sendable {
    /// Gets a session, or the reason why there is none.
    package typealias Call = @Sendable (Result<Session, any Error>) -> Void

    /// How long a call may wait for a session before it is refused.
    private let patience: Duration
    private let limit: Int
    private let open: @Sendable () -> Session
    private let shut: @Sendable (Session) -> Void
    private let condition = NSCondition()
    private var queue: [(call: Call, since: ContinuousClock.Instant)] = []
    private var head = 0
    private var threads = 0
    private var idle = 0
    private var isStopping = false
    private var whenStopped: [CheckedContinuation<Void, Never>] = []

    /// - Parameters:
    ///   - limit: threads at most.
    ///   - open: makes a thread's session; must not block for long.
    ///   - shut: ends a session, on its thread.
    package init(
        limit: Int, patience: Duration = .seconds(10), open: @escaping @Sendable () -> Session,
        shut: @escaping @Sendable (Session) -> Void
    ) {
        self.limit = max(1, limit)
        self.patience = patience
        self.open = open
        self.shut = shut
    }

    /// Threads, threads without work, and calls that wait.
    package var counts: (threads: Int, idle: Int, waiting: Int) {
        condition.withLock { (threads, idle, queue.count - head) }
    }

    /// Queues a call; it runs on one of the threads, also when it is refused.
    package func submit(_ call: @escaping Call) {
        condition.lock()
        guard !isStopping else {
            condition.unlock()
            return call(.failure(DatabaseError(.unavailable, "the database is being closed")))
        }
        queue.append((call, .now))
        // A thread that was woken counts as idle until it runs: what waits beyond those needs another one.
        if queue.count - head <= idle {
            condition.signal()
        } else if threads < limit {
            threads += 1
            Thread { self.work() }.start()
        } else {
            condition.signal()
        }
        condition.unlock()
    }

    /// Finishes what is queued, ends all sessions and takes no more calls.
    package func stop() async {
        await withCheckedContinuation { continuation in
            condition.withLock {
                isStopping = true
                if threads == 0 {
                    continuation.resume()
                } else {
                    whenStopped.append(continuation)
                    condition.broadcast()
                }
            }
        }
    }

    private func work() {
        let session = open()
        while let (call, since) = next() {
            if .now - since > patience {
                call(.failure(DatabaseError(.unavailable, "no database connection came free within \(patience)")))
            } else {
                call(.success(session))
            }
        }
        shut(session)
        condition.withLock {
            threads -= 1
            guard threads == 0 else { return }
            for continuation in whenStopped { continuation.resume() }
            whenStopped = []
        }
    }

    /// The next call in the order of arrival; `nil` when the pool stops and nothing is left.
    private func next() -> (call: Call, since: ContinuousClock.Instant)? {
        condition.lock()
        defer { condition.unlock() }
        while head == queue.count {
            queue.removeAll(keepingCapacity: true)
            head = 0
            if isStopping { return nil }
            idle += 1
            condition.wait()
            idle -= 1
        }
        let next = queue[head]
        head += 1
        // What has been taken is let go from time to time, also when the queue never gets empty.
        if head >= 64, head * 2 >= queue.count {
            queue.removeFirst(head)
            head = 0
        }
        return next
    }
}
