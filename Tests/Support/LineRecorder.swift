internal import Synchronization

/// Records printed lines, for which a test can wait.
package final class LineRecorder: Sendable {
    private struct State {
        var lines: [String] = []
        var waiting: [(text: String, number: Int, continuation: CheckedContinuation<String, Never>)] = []

        func line(_ number: Int, with text: String) -> String? {
            lines.lazy.filter { $0.contains(text) }.dropFirst(number - 1).first
        }
    }

    private let state = Mutex(State())

    package init() {}

    /// The lines recorded so far.
    package var all: [String] { state.withLock { $0.lines } }

    package func add(_ line: String) {
        let arrived = state.withLock { state in
            state.lines.append(line)
            let arrived = state.waiting.filter { state.line($0.number, with: $0.text) != nil }
            state.waiting = state.waiting.filter { state.line($0.number, with: $0.text) == nil }
            return arrived
        }
        for waiter in arrived { waiter.continuation.resume(returning: line) }
    }

    /// Waits for the first line that contains `text`, or the one with another number, starting at 1.
    @discardableResult
    package func first(with text: String, number: Int = 1) async -> String {
        await withCheckedContinuation { continuation in
            let line = state.withLock { state in
                let line = state.line(number, with: text)
                if line == nil { state.waiting.append((text, number, continuation)) }
                return line
            }
            if let line { continuation.resume(returning: line) }
        }
    }
}
