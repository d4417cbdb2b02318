internal import CProcess
internal import Foundation
internal import Synchronization

/// A running program that we started, and which can't outlive us.
///
/// Each has a thread of its own that starts it, reads what it prints and waits for its end. It must be one thread, since
/// the kernel kills the child when the thread that started it ends (see `unladen_spawn`): a thread of Swift's concurrency
/// may end at any time.
package final class ChildProcess: Sendable {
    /// Which of its outputs a line came from.
    package enum Output: Sendable {
        case standardOutput
        case standardError
    }

    /// Gets each line that a child prints, in order, on the child's thread: while it runs, the child may have to wait.
    package typealias LineHandler = @Sendable (Output, String) -> Void

    package let pid: Int32
    private let status = Mutex<ExitStatus?>(nil)
    private let ended = Latch()

    private init(pid: Int32) {
        self.pid = pid
    }

    /// Starts a program in a process group of its own, with an empty stdin.
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

    /// Asks the program to stop (SIGTERM). Nothing happens when it has ended already.
    package func terminate() {
        whileItExists { Foundation.kill(pid, SIGTERM) }
    }

    /// Ends the program and everything in its process group at once (SIGKILL).
    package func kill() {
        whileItExists { Foundation.kill(-pid, SIGKILL) }
    }

    /// Waits for the end of the program; everything that it printed has been handed out by then.
    ///
    /// - Returns: `nil` if the task was cancelled before.
    package func exit() async -> ExitStatus? {
        await ended.wait()
        return status.withLock { $0 }
    }

    /// Until it has been reaped, its number can't go to another process.
    private func whileItExists(_ body: () -> Int32) {
        status.withLock { status in
            guard status == nil else { return }
            _ = body()
        }
    }

    /// Ends what the program left behind in its group, and takes its exit status.
    private func reap() {
        Foundation.kill(-pid, SIGKILL)
        var waitStatus: Int32 = 0
        while waitpid(pid, &waitStatus, 0) == -1, errno == EINTR {}
        status.withLock { $0 = ExitStatus(waitStatus: waitStatus) }
        ended.open()
    }
}
