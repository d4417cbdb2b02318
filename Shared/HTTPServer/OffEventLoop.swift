internal import NIOPosix

/// The threads that take work off the event loops. Each pool is small so that its work can't take all processors from them.
package enum WorkerPool: Sendable {
    /// For handlers, which take a few milliseconds at most.
    case handlers
    /// For what may take longer, such as large bodies. Handlers don't wait behind it.
    case longWork

    fileprivate var executor: ThreadPoolExecutor {
        switch self {
        case .handlers: .handlers
        case .longWork: .longWork
        }
    }
}

/// Runs work on separate threads, so that it doesn't block the event loop.
package func offEventLoop<Result>(
    on pool: WorkerPool = .longWork, _ body: @Sendable () async throws -> sending Result
) async rethrows -> sending Result {
    try await withTaskExecutorPreference(pool.executor) { try await body() }
}

/// Runs the jobs of tasks on its own threads.
private final class ThreadPoolExecutor: TaskExecutor {
    static let handlers = ThreadPoolExecutor(threads: 2)
    static let longWork = ThreadPoolExecutor(threads: 2)

    private let pool: NIOThreadPool

    private init(threads: Int) {
        pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pool.submit { _ in job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
