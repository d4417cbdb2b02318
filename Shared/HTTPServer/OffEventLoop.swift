internal import NIOPosix

/// Runs work that may take more than a few milliseconds on a separate thread pool, so that it doesn't block the event loop.
///
/// The pool is small so that such work can't take all processors from the event loops.
package func offEventLoop<Result>(_ body: @Sendable () async throws -> sending Result) async rethrows -> sending Result {
    try await withTaskExecutorPreference(ComputePool.shared) { try await body() }
}

/// The thread pool of `offEventLoop`.
private final class ComputePool: TaskExecutor {
    static let shared = ComputePool(threads: 2)

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
