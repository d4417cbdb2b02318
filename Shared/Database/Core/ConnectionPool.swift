internal import Dispatch
internal import Foundation

/// A pool of threads that take work items from one queue. Each thread has its own session (a connection to a database).
///
/// Database libraries block, so their calls must not run on Swift's cooperative threads. A thread starts when a work item finds none
/// idle, and then stays. The most recently idle thread wakes first, because its session's memory is still warm on both sides. A work
/// item that is submitted at the end of another one runs on the same thread, without a context switch.
///
/// `@unchecked Sendable`: `lock` guards all mutable state, and only its own thread uses a session.
package final class ConnectionPool<Session>: @unchecked Sendable {
    /// Receives a session, or the error that explains why none is available.
    package typealias WorkItem = @Sendable (Result<Session, any Error>) -> Void

    /// How long a work item may wait for a session before it fails.
    private let acquireTimeout: Duration
    private let limit: Int
    private let open: @Sendable () -> Session
    private let close: @Sendable (Session) -> Void
    private let lock = NSLock()
    private var queue: [(workItem: WorkItem, enqueued: ContinuousClock.Instant)] = []
    private var head = 0
    private var threads = 0
    /// The idle threads, most recent last.
    private var idle: [DispatchSemaphore] = []
    /// The number of threads that are about to dequeue: as many work items need no further thread.
    private var dequeuing = 0
    /// For each thread, whether `dequeuing` counts it for a work item that it has submitted itself.
    private var isDequeuing: [pthread_t: Bool] = [:]
    private var isStopping = false
    private var stopContinuations: [CheckedContinuation<Void, Never>] = []

    /// - Parameters:
    ///   - limit: the maximum number of threads.
    ///   - open: creates a thread's session; must not block for long.
    ///   - close: ends a session, on its thread.
    package init(
        limit: Int, acquireTimeout: Duration = .seconds(10), open: @escaping @Sendable () -> Session,
        close: @escaping @Sendable (Session) -> Void
    ) {
        self.limit = max(1, limit)
        self.acquireTimeout = acquireTimeout
        self.open = open
        self.close = close
    }

    /// The numbers of threads, of idle threads, and of queued work items.
    package var counts: (threads: Int, idle: Int, waiting: Int) {
        lock.withLock { (threads, idle.count, queue.count - head) }
    }

    /// Queues a work item. It runs on one of the threads, or at once with an error when the pool is stopping. A work item that submits
    /// another one must be about to return.
    package func submit(_ workItem: @escaping WorkItem) {
        lock.lock()
        guard !isStopping else {
            lock.unlock()
            return workItem(.failure(DatabaseError(.unavailable, "the database is closing")))
        }
        queue.append((workItem, .now))
        if isDequeuing[pthread_self()] == false {
            isDequeuing[pthread_self()] = true
            dequeuing += 1
        }
        if queue.count - head > dequeuing {
            if let thread = idle.popLast() {
                dequeuing += 1
                thread.signal()
            } else if threads < limit {
                threads += 1
                dequeuing += 1
                Thread { self.work() }.start()
            }
        }
        lock.unlock()
    }

    /// Rejects new work items, finishes the queued ones, and ends all sessions.
    package func stop() async {
        await withCheckedContinuation { continuation in
            lock.withLock {
                isStopping = true
                if threads == 0 {
                    continuation.resume()
                } else {
                    stopContinuations.append(continuation)
                    dequeuing += idle.count
                    for thread in idle { thread.signal() }
                    idle = []
                }
            }
        }
    }

    private func work() {
        let session = open()
        let wake = DispatchSemaphore(value: 0)
        lock.withLock { isDequeuing[pthread_self()] = true }
        while let (workItem, enqueued) = next(wake) {
            if .now - enqueued > acquireTimeout {
                workItem(.failure(DatabaseError(.unavailable, "no database connection became available within \(acquireTimeout)")))
            } else {
                workItem(.success(session))
            }
        }
        close(session)
        lock.withLock {
            isDequeuing[pthread_self()] = nil
            threads -= 1
            guard threads == 0 else { return }
            for continuation in stopContinuations { continuation.resume() }
            stopContinuations = []
        }
    }

    /// The next work item, first in, first out; `nil` when the pool stops and the queue is empty.
    ///
    /// - Parameter wake: wakes this thread when there is work for it.
    private func next(_ wake: DispatchSemaphore) -> (workItem: WorkItem, enqueued: ContinuousClock.Instant)? {
        lock.lock()
        defer { lock.unlock() }
        if isDequeuing.updateValue(false, forKey: pthread_self()) == true { dequeuing -= 1 }
        while head == queue.count {
            queue.removeAll(keepingCapacity: true)
            head = 0
            if isStopping { return nil }
            idle.append(wake)
            lock.unlock()
            wake.wait()
            lock.lock()
            dequeuing -= 1
        }
        let next = queue[head]
        head += 1
        // Compacts the queue from time to time, since it may never become empty.
        if head >= 64, head * 2 >= queue.count {
            queue.removeFirst(head)
            head = 0
        }
        return next
    }
}
