internal import SafeText

/// A mistake in a configuration file.
package struct ConfigurationProblem: Sendable, Equatable, CustomStringConvertible {
    package var file: String
    /// Counted from 1; `nil` if the problem concerns the file as a whole.
    package var line: Int?
    package var message: String

    /// `FILE:LINE: MESSAGE`, with control characters escaped.
    package var description: String { "\(file):\(line.map { "\($0):" } ?? "") \(message)".escapingControls() }
}

/// An invalid configuration, with all mistakes that were found in it.
package struct InvalidConfiguration: Error, Sendable, CustomStringConvertible {
    package var problems: [ConfigurationProblem]

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Collects mistakes while a file is read, so that all are reported at once.
final class ProblemList {
    let file: String
    private(set) var problems: [ConfigurationProblem] = []

    init(file: String) {
        self.file = file
    }

    /// - Parameter line: counted from 1; `nil` if the problem concerns the file as a whole.
    func add(_ line: Int?, _ message: String) {
        problems.append(ConfigurationProblem(file: file, line: line, message: message))
    }

    /// - Throws: `InvalidConfiguration` with all problems in the order of lines, if there are any.
    func check() throws(InvalidConfiguration) {
        guard problems.isEmpty else { throw InvalidConfiguration(problems: problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) }) }
    }
}
