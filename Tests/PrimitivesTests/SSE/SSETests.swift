import Primitives
import Testing

@Suite struct SSETests {
    private static func events(_ pieces: [String], limit: Int = 1000) -> [SSEParser.Event] {
        var parser = SSEParser(limit: limit)
        return pieces.flatMap { piece in Array(piece.utf8).withUnsafeBufferPointer { parser.feed($0) } }
    }

    private static func event(_ name: String, _ data: String) -> SSEParser.Event { .init(name: name, data: Array(data.utf8)) }

    /// The examples of the HTML standard, section 9.2.6.
    @Test func `The examples of the standard are parsed`() {
        #expect(Self.events(["data: YHOO\ndata: +2\ndata: 10\n\n"]) == [Self.event("", "YHOO\n+2\n10")])
        #expect(
            Self.events([": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n"])
                == [Self.event("", "first event"), Self.event("", "second event"), Self.event("", " third event")])
        #expect(Self.events(["data\n\ndata\ndata\n\ndata:"]) == [Self.event("", ""), Self.event("", "\n")])
        #expect(Self.events(["data:test\n\ndata: test\n\n"]) == [Self.event("", "test"), Self.event("", "test")])
    }

    @Test func `A stream may be split anywhere, and lines end in any of three ways`() {
        let stream = "\u{FEFF}event: a\r\ndata: 1\r\n\r\nevent: b\rdata: ä\r\rdata: 3\n\n"
        let expected = [Self.event("a", "1"), Self.event("b", "ä"), Self.event("", "3")]
        #expect(Self.events([stream]) == expected)
        var parser = SSEParser()
        #expect(Array(stream.utf8).flatMap { byte in [byte].withUnsafeBufferPointer { parser.feed($0) } } == expected)
    }

    @Test func `An event without data is dropped with its name`() {
        #expect(Self.events(["event: a\n\ndata: 1\n\n"]) == [Self.event("", "1")])
    }

    @Test func `An event beyond the limit ends the stream`() {
        var parser = SSEParser(limit: 10)
        let long = Array(("data: 12345678901\n\ndata: 1\n\n").utf8)
        #expect(long.withUnsafeBufferPointer { parser.feed($0) }.isEmpty)
        #expect(!parser.isWithinLimit)
    }

    @Test func `What is framed is parsed again`() {
        #expect(SSEFraming.event(Array("{}".utf8)) == Array("data: {}\n\n".utf8))
        #expect(SSEFraming.event(Array("{}".utf8), name: "error") == Array("event: error\ndata: {}\n\n".utf8))
        let framed = String(decoding: SSEFraming.event([], name: "ä") + SSEFraming.event([32, 120]), as: UTF8.self)
        let expected = [Self.event("ä", ""), Self.event("", " x"), Self.event("", "[DONE]")]
        #expect(Self.events([framed + SSEFraming.done.description]) == expected)
    }
}
