internal import Foundation
internal import SafeText
internal import Synchronization

/// Shows the progress of a task. The methods are called on the thread of its process.
package protocol TaskReporter: Sendable {
    /// Shows the progress of a table, in rows.
    func progress(of service: String, table: String, done: Int64, total: Int64)
    /// Shows a message of the task, or a line that it printed to stderr.
    func line(_ line: String, of service: String)
    /// Called when the task has ended.
    func ended()
}

/// Shows progress on stderr: as a bar on a terminal, otherwise as a line for each tenth of a table.
package final class ProgressPrinter: TaskReporter {
    private struct Position: Equatable {
        var service: String
        var table: String
        var tenth: Int64
    }

    private static let barWidth = 30

    private let isTerminal: Bool
    private let write: @Sendable (String) -> Void
    /// The most recently shown position.
    private let position = Mutex<Position?>(nil)

    /// - Parameter write: writes text unchanged.
    package init(
        isTerminal: Bool = Terminal.errorIsTerminal,
        write: @escaping @Sendable (String) -> Void = { try? FileHandle.standardError.write(contentsOf: Data($0.utf8)) }
    ) {
        self.isTerminal = isTerminal
        self.write = write
    }

    package func progress(of service: String, table: String, done: Int64, total: Int64) {
        let part = total > 0 ? min(max(Double(done) / Double(total), 0), 1) : 1
        let current = Position(service: service, table: table, tenth: Int64(part * 10))
        let last = position.withLock { last in
            defer { last = current }
            return last
        }
        let text = "\(service): \(table) \(done) of \(total)".escapingControls()
        if isTerminal {
            // The bar is redrawn in place until the next table starts.
            let isSameTable = last == nil || last?.service == service && last?.table == table
            let filled = Int(part * Double(Self.barWidth))
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.barWidth - filled)
            write((isSameTable ? "" : "\n") + "\r\u{1B}[K\(bar) \(text)")
        } else if current != last {
            write(text + "\n")
        }
    }

    package func line(_ line: String, of service: String) {
        ended()
        write("\(service): \(line)".escapingControls() + "\n")
    }

    package func ended() {
        let wasShowing = position.withLock { last in
            defer { last = nil }
            return last != nil
        }
        if isTerminal, wasShowing { write("\n") }
    }
}
