internal import Foundation
internal import SafeText

/// The standard error stream, for logs and error messages.
package enum StandardError {
    /// Writes a line with a single call, so that lines of several threads don't interleave. Ignores errors, such as a closed pipe.
    @Sendable package static func writeLine(_ line: String) {
        try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
    }

    /// Writes a message as one line, redacted and with control characters escaped.
    @Sendable package static func writeMessage(_ remark: String) {
        writeLine(Redaction.standard.redacted(remark).escapingControls())
    }
}
