internal import SafeText

/// A wrong flag, file or address. The process reports it on stderr and exits with code 2.
package struct ConfigurationError: Error, CustomStringConvertible {
    /// Redacted, with control characters escaped.
    package let description: String

    package init(_ description: String) {
        self.init(lines: [description])
    }

    /// Reports several mistakes at once, each on its own line.
    package init(lines: [String]) {
        description = lines.map { Redaction.standard.redacted($0).escapingControls() }.joined(separator: "\n")
    }
}
