internal import Dispatch
internal import Foundation

/// A pool of threads, each with a session of its own (a connection to a database), which take calls from one queue. Database
/// libraries block, so their calls must not run on the threads of Swift's concurrency. Threads are started when calls find
/// none idle, and stay. The thread that became idle last is woken first, as its session's memory is still warm on both sides; a
/// call that is submitted at the end of another one runs on the same thread, without a switch.
///
/// `@unchecked Sendable`: everything that changes is guarded by `lock`; a session is used by its own thread only.
package final class ConnectionPool<Session>: @unchecked Sendable {
    /// Gets a session, or the reason why there is none.
    package typealias WorkItem = @Sendable (Result<Session, any Error>) -> Void

    /// How long a call may wait for a session before it is refused.
    private let acquireTimeout: Duration
    private let limit: Int
    private let open: @Sendable () -> Session
    private let close: @Sendable (Session) -> Void
    private let lock = NSLock()
    private var queue: [(workItem: WorkItem, enqueued: ContinuousClock.Instant)] = []
    private var head = 0
    private var threads = 0
    /// The threads that wait to be woken, the one that came last at the end.
    private var idle: [DispatchSemaphore] = []
    /// How many threads are about to look into the queue, so that as many calls need nobody else.
    private var dequeuing = 0
    /// The threads, and whether each counts as dequeuing for a call that it has submitted itself.
    private var isDequeuing: [pthread_t: Bool] = [:]
    private var isStopping = false
    private var stopContinuations: [CheckedContinuation<Void, Never>] = []

    /// - Parameters:
    ///   - limit: threads at most.
    ///   - open: makes a thread's session; must not block for long.
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

    /// Threads, threads without work, and calls that wait.
    package var counts: (threads: Int, idle: Int, waiting: Int) {
        lock.withLock { (threads, idle.count, queue.count - head) }
    }

    /// Queues a call; it runs on one of the threads, also when it is refused. A call that submits another one must be about to
    /// end.
    package func submit(_ workItem: @escaping WorkItem) {
        lock.lock()
        guard !isStopping else {
            lock.unlock()
            return workItem(.failure(DatabaseError(.unavailable, "the database is being closed")))
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

    /// Finishes what is queued, ends all sessions and takes no more calls.
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
                workItem(.failure(DatabaseError(.unavailable, "no database connection came free within \(acquireTimeout)")))
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

    /// The next call in the order of arrival; `nil` when the pool stops and nothing is left.
    ///
    /// - Parameter wake: wakes this thread when there is a call for it.
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
        // What has been taken is let go from time to time, also when the queue never gets empty.
        if head >= 64, head * 2 >= queue.count {
            queue.removeFirst(head)
            head = 0
        }
        return next
    }
}
