internal import Glibc

/// How a process ended.
package enum ExitStatus: Sendable, Equatable, CustomStringConvertible {
    /// It ended by itself, with a code.
    case exited(Int32)
    /// A signal ended it.
    case killed(signal: Int32)

    /// The exit code of all our services for a wrong flag, file or address.
    static let misconfigured: Int32 = 2

    /// - Parameter status: what waitpid(2) answered.
    init(waitStatus status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
    }

    package var description: String {
        switch self {
        case .exited(let code): "ended with code \(code)"
        case .killed(let signal): "was killed by signal \(signal) (\(strsignal(signal).map { String(cString: $0) } ?? "unknown"))"
        }
    }
}
