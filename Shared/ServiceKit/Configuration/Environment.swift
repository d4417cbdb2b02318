internal import Foundation

/// Environment variables. An empty variable counts as unset.
///
/// A setting is the value of its flag, of its variable, or the default, in this order: `Environment["UNLADEN_X", "MLFLOW_X"]` is a text,
/// `.environment("UNLADEN_X")` any other type of flag. The flag's help names the variables in brackets.
package struct Environment: Sendable {
    /// The variables by name.
    package let variables: [String: String]

    /// The variables that this process started with.
    private static let process = Environment(ProcessInfo.processInfo.environment)

    /// The variables that settings are read from: those of the process. Tests replace them; an argument can't, because
    /// ArgumentParser itself creates the options.
    @TaskLocal package static var current = process

    package init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// The value of the first of these variables that is set.
    package static subscript(names: String...) -> String? {
        names.lazy.compactMap { current.variables[$0] }.first { !$0.isEmpty }
    }
}
