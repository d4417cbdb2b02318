internal import NIOCore

/// Runs the jobs of a connection's task on its event loop. A debug build logs jobs that block the loop.
final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop
    private let monitor: EventLoopMonitor?

    /// - Parameter monitor: measures each job; `nil` for none.
    init(loop: any EventLoop, monitor: EventLoopMonitor?) {
        self.loop = loop
        self.monitor = monitor
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute {
            guard let monitor = self.monitor else { return job.runSynchronously(on: self.asUnownedTaskExecutor()) }
            monitor.measure { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }
}
