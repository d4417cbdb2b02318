internal import Hummingbird
internal import NIOPosix

/// Computes what may take more than a few milliseconds away from the event loop, on which the requests of all connections wait.
///
/// The threads for it are few, so that such work is done a few at a time and can't take the processors from everything else.
package func offEventLoop<Result>(_ body: @Sendable () async throws -> sending Result) async rethrows -> sending Result {
    try await withTaskExecutorPreference(ComputePool.shared) { try await body() }
}

/// The threads on which `offEventLoop` runs.
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
