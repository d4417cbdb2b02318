internal import SafeText

/// An error of a module above this one that the process reports like a `ConfigurationError`.
package protocol ConfigurationErrorConvertible: Error {
    var configurationError: ConfigurationError { get }
}

/// An invalid flag, environment variable, file or address. The process reports it on stderr and exits with code 2.
package struct ConfigurationError: Error, CustomStringConvertible {
    /// The message, redacted and with control characters escaped.
    package let description: String

    package init(_ description: String) {
        self.init(lines: [description])
    }

    /// Combines several messages, each on its own line.
    package init(lines: [String]) {
        description = lines.map { Redaction.standard.redacted($0).escapingControls() }.joined(separator: "\n")
    }
}
