/// Observes a supervised process and decides whether it is restarted.
package protocol ProcessObserver: Sendable {
    /// Called before each start of the program.
    ///
    /// - Returns: the handler of the lines that this process prints.
    func willStart() -> ChildProcess.LineHandler

    /// Called when the program was started.
    func started(_ process: ChildProcess)

    /// Watches a process, for example until it is ready. Runs while the process does; the task is cancelled when the process exits.
    func watch(_ process: ChildProcess) async

    /// Called when a process has ended or couldn't be started.
    ///
    /// - Returns: what to do next, unless the supervision is stopped.
    func ended(_ run: SupervisedRun) -> NextStep

    /// Called before the pause after which the program is started again.
    func willRestart(after pause: Duration, because run: SupervisedRun)

    /// Called before a running process gets SIGTERM.
    func willStop()
}

/// What to do when a supervised process has ended.
package enum NextStep: Sendable {
    /// Start the program again after a pause. A process that was healthy for long enough resets the length of the pauses.
    case restart(healthyFor: Duration)
    /// Don't start it again because that wouldn't help.
    case abandon
}

/// The result of one run of a supervised process.
package enum SupervisedRun: Sendable, CustomStringConvertible {
    /// The program couldn't be started.
    case notStarted(any Error)
    /// It ran for `after`; the status is `nil` if the supervising task was cancelled first.
    case ended(ProcessExitStatus?, after: Duration)

    package var description: String {
        switch self {
        case .notStarted(let error): "didn't start: \(error)"
        case .ended(let status, _): status.map { "\($0)" } ?? "was abandoned"
        }
    }
}
