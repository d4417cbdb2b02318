internal import Glibc

/// How a process ended.
package enum ProcessExitStatus: Sendable, Equatable, CustomStringConvertible {
    /// It exited with a code.
    case exited(Int32)
    /// A signal killed it.
    case killed(signal: Int32)

    /// - Parameter status: the wait status of waitpid(2).
    init(waitStatus status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
    }

    package var description: String {
        switch self {
        case .exited(let code): "exited with code \(code)"
        case .killed(let signal): "was killed by signal \(signal) (\(strsignal(signal).map { String(cString: $0) } ?? "unknown"))"
        }
    }
}
