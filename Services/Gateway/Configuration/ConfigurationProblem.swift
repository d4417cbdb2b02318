internal import SafeText

/// A mistake in a configuration file.
package struct ConfigurationProblem: Sendable, Equatable, CustomStringConvertible {
    package var file: String
    /// Counted from 1.
    package var line: Int
    package var message: String

    package var description: String { "\(file):\(line): \(message)".escapingControls() }
}

/// A configuration that can't be used, with all mistakes that were found in it.
package struct InvalidConfiguration: Error, Sendable, CustomStringConvertible {
    package var problems: [ConfigurationProblem]

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Collects mistakes while a file is read, so that all are told at once.
final class ProblemList {
    let file: String
    private(set) var problems: [ConfigurationProblem] = []

    init(file: String) {
        self.file = file
    }

    func add(_ line: Int, _ message: String) {
        problems.append(ConfigurationProblem(file: file, line: line, message: message))
    }

    /// - Throws: `InvalidConfiguration` if anything was found.
    func check() throws(InvalidConfiguration) {
        guard problems.isEmpty else { throw InvalidConfiguration(problems: problems.sorted { $0.line < $1.line }) }
    }
}
