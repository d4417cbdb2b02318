internal import Foundation
internal import SafeText

/// The stream for logs and complaints.
package enum StandardError {
    /// Writes a line with one call, so that lines of several threads don't mix. When nobody reads any more, it is lost.
    @Sendable package static func writeLine(_ line: String) {
        try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
    }

    /// Writes a message as one line, redacted and with control characters escaped.
    @Sendable package static func writeMessage(_ remark: String) {
        writeLine(Redaction.standard.redacted(remark).escapingControls())
    }
}
