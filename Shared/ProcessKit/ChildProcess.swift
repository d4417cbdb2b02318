internal import CProcess
internal import Foundation
internal import Synchronization

/// A child process, which can't outlive this process.
///
/// Each child has its own thread, which starts it, reads its output and waits for its exit. It must be a single dedicated thread because
/// the kernel kills the child when the thread that started it ends (see `unladen_spawn`), and the threads of Swift concurrency may end at
/// any time.
package final class ChildProcess: Sendable {
    /// The output that a line comes from.
    package enum Output: Sendable {
        case standardOutput
        case standardError
    }

    /// Called with each line that a child prints, in order, on the child's thread. The child may block until it returns.
    package typealias LineHandler = @Sendable (Output, String) -> Void

    /// The process ID.
    package let pid: Int32
    private let status = Mutex<ProcessExitStatus?>(nil)
    private let ended = Latch()

    private init(pid: Int32) {
        self.pid = pid
    }

    /// Starts a program in its own process group, with an empty stdin.
    ///
    /// - Throws: ``SpawnError``.
    package static func start(_ program: Program, onLine: @escaping LineHandler) async throws -> ChildProcess {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                let child: ChildProcess
                let output: ChildOutput
                do throws(SpawnError) {
                    output = try ChildOutput(for: program)
                    child = ChildProcess(pid: try output.start(program))
                } catch {
                    return continuation.resume(throwing: error)
                }
                continuation.resume(returning: child)
                output.read(of: child.pid, onLine: onLine)
                child.reap()
            }
        }
    }

    /// Sends SIGTERM to the process. Does nothing if it has exited.
    package func terminate() {
        whileItExists { Foundation.kill(pid, SIGTERM) }
    }

    /// Sends SIGKILL to the process and its process group.
    package func kill() {
        whileItExists { Foundation.kill(-pid, SIGKILL) }
    }

    /// Waits until the process has exited and all of its output has been passed to the line handler.
    ///
    /// - Returns: `nil` if the task is cancelled first.
    package func exit() async -> ProcessExitStatus? {
        await ended.wait()
        return status.withLock { $0 }
    }

    /// Calls `body` unless the process has been reaped. Until then, its ID can't be reused.
    private func whileItExists(_ body: () -> Int32) {
        status.withLock { status in
            guard status == nil else { return }
            _ = body()
        }
    }

    /// Kills the remaining processes of its group, and reaps the process.
    private func reap() {
        Foundation.kill(-pid, SIGKILL)
        var waitStatus: Int32 = 0
        while waitpid(pid, &waitStatus, 0) == -1, errno == EINTR {}
        status.withLock { $0 = ProcessExitStatus(waitStatus: waitStatus) }
        ended.open()
    }
}
