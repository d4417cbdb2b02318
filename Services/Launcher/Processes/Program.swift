internal import Glibc

/// A program to start: its file, its arguments without the name, and what it finds in its environment beside ours.
package struct Program: Sendable, Equatable {
    package var path: String
    package var arguments: [String]
    package var environment: [String: String]

    package init(path: String, arguments: [String] = [], environment: [String: String] = [:]) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
    }
}

/// Why a program couldn't be started.
package struct SpawnError: Error, CustomStringConvertible {
    package var path: String
    /// The system's `errno`.
    package var code: Int32

    package var description: String { "can't start \(path): \(String(cString: strerror(code)))" }
}
