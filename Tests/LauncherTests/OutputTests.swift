import Launcher
import ServiceKit
import Synchronization
import TestSupport
import Testing

@Suite struct OutputTests {
    @Test func `Lines are prefixed with the name of their service, padded to the same width`() {
        let lines = LineRecorder()
        let console = Console(names: ["unladen", "tracking"], format: .text, isColored: false) { lines.add($0) }
        console.line("hello", from: "tracking")
        console.line("world", from: "unladen")
        #expect(lines.all == ["tracking │ hello", "unladen  │ world"])
    }

    @Test func `On a terminal, each service has its own color`() {
        let lines = LineRecorder()
        let console = Console(names: ["a", "b"], format: .text, isColored: true) { lines.add($0) }
        console.line("x", from: "a")
        console.line("y", from: "b")
        #expect(lines.all == ["\u{1B}[36ma │ \u{1B}[0mx", "\u{1B}[35mb │ \u{1B}[0my"])
    }

    @Test func `In JSON, every line is an object that contains its service`() {
        let lines = LineRecorder()
        let console = Console(names: ["tracking"], format: .json, isColored: true) { lines.add($0) }
        console.line(#"{"service":"unladen-tracking","message":"as it is"}"#, from: "tracking")
        console.line(#"Fatal "error""#, from: "tracking")
        #expect(
            lines.all == [
                #"{"service":"unladen-tracking","message":"as it is"}"#,
                #"{"level":"info","service":"unladen-tracking","message":"Fatal \"error\""}"#,
            ])
    }

    @Test func `Output of a process can't control the terminal or forge a line`() throws {
        let lines = LineRecorder()
        for format in LogFormat.allCases {
            let console = Console(names: ["a"], format: format, isColored: false) { lines.add($0) }
            console.line("x\r\u{1B}[2J\u{9B}31m\u{2028}\u{202E}", from: "a")
            console.line("{\"message\":\"x\u{9B}\u{202E}\"}", from: "a")
        }
        let text = Mutex("")
        let printer = ProgressPrinter(isTerminal: false) { piece in text.withLock { $0 += piece } }
        printer.line("x\r\u{1B}[2J\n", of: "a")
        for line in lines.all + [text.withLock { $0 }] {
            #expect(
                line.unicodeScalars.allSatisfy {
                    ($0.value >= 0x20 || $0 == "\n") && !(0x7F...0x9F).contains($0.value) && $0.value < 0x2028 || $0 == "│"
                }, "\(line)")
        }
        #expect(lines.all.count == 4)
        #expect(text.withLock { $0 } == "a: x\\r\\u001b[2J\\n\n")
    }

    @Test func `Without a terminal, progress is a line for each tenth of a table`() {
        let text = Mutex("")
        let printer = ProgressPrinter(isTerminal: false) { piece in text.withLock { $0 += piece } }
        for done in [0, 1, 99, 100, 101, 550, 1000] as [Int64] {
            printer.progress(of: "tracking", table: "runs", done: done, total: 1000)
        }
        printer.progress(of: "tracking", table: "tags", done: 0, total: 0)
        printer.ended()
        #expect(
            text.withLock { $0 } == """
                tracking: runs 0 of 1000
                tracking: runs 100 of 1000
                tracking: runs 550 of 1000
                tracking: runs 1000 of 1000
                tracking: tags 0 of 0

                """)
    }

    @Test func `On a terminal, a bar is redrawn in place until the next table`() {
        let text = Mutex("")
        let printer = ProgressPrinter(isTerminal: true) { piece in text.withLock { $0 += piece } }
        printer.progress(of: "tracking", table: "runs", done: 1, total: 2)
        printer.progress(of: "tracking", table: "runs", done: 2, total: 2)
        printer.progress(of: "registry", table: "models", done: 5, total: 5)
        printer.ended()
        let half = String(repeating: "█", count: 15) + String(repeating: "░", count: 15)
        let full = String(repeating: "█", count: 30)
        #expect(
            text.withLock { $0 }
                == "\r\u{1B}[K\(half) tracking: runs 1 of 2\r\u{1B}[K\(full) tracking: runs 2 of 2"
                + "\n\r\u{1B}[K\(full) registry: models 5 of 5\n")
    }
}
