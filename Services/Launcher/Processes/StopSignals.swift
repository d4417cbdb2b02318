internal import Glibc
package import UnixSignals

/// The signals by which a user or a service manager asks us to stop: Ctrl-C, SIGTERM, and the end of the terminal.
package enum StopSignals {
    /// Every such signal, from now on; they don't end the process any more.
    package static func arriving() async -> UnixSignalsSequence {
        // A terminal or a pipe that is gone must not end us before the children are stopped.
        signal(SIGPIPE, SIG_IGN)
        return await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
    }
}
