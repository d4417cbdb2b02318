import Testing

@testable import ProcessKit

@Suite struct LineSplitterTests {
    @Test func `The lines don't depend on how the bytes are split`() {
        let bytes = Array("one\r\n\ntwö\nrest".utf8)
        for size in 1...bytes.count {
            var splitter = LineSplitter()
            var lines: [String] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                lines += splitter.lines(adding: bytes[start..<min(start + size, bytes.count)])
            }
            #expect(lines == ["one", "", "twö"])
            #expect(splitter.end() == "rest")
            #expect(splitter.end() == nil)
        }
    }

    @Test func `Invalid UTF-8 is replaced`() {
        var splitter = LineSplitter()
        #expect(splitter.lines(adding: [0x61, 0xFF, 0x0A]) == ["a\u{FFFD}"])
    }

    @Test func `An endless line is split, so that it can't exhaust memory`() {
        var splitter = LineSplitter()
        let lines = splitter.lines(adding: [UInt8](repeating: 0x61, count: 2 * LineSplitter.limit + 1))
        #expect(lines.map(\.count) == [LineSplitter.limit, LineSplitter.limit])
        #expect(splitter.end() == "a")
    }
}
