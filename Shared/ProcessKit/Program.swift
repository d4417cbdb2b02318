internal import Glibc

/// A program to start.
package struct Program: Sendable, Equatable {
    /// The path of the executable.
    package var path: String
    /// The arguments, without the program's name.
    package var arguments: [String]
    /// Variables to add to this process's environment.
    package var environment: [String: String]

    package init(path: String, arguments: [String] = [], environment: [String: String] = [:]) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
    }
}

/// The failure to start a program.
package struct SpawnError: Error, CustomStringConvertible {
    package var path: String
    /// The system's `errno`.
    package var code: Int32

    package var description: String { "can't start \(path): \(String(cString: strerror(code)))" }
}
