internal import AdapterKit
internal import JSON

/// Takes a stream of type `application/vnd.amazon.eventstream` apart, which may be pushed in pieces that are cut anywhere.
///
/// A message is its length and that of its headers, a checksum of the two, headers, payload, and a checksum of all before; numbers
/// have four bytes, the highest first. Format: "Amazon Event Stream Specification" of Smithy.
struct EventStreamMessageParser {
    /// A message may be this long: a length that is none must not fill the memory.
    static let limit = 16 << 20

    private static let preludeSize = 12
    private static let checksumSize = 4

    private var buffer: [UInt8] = []
    /// Where the first message begins that wasn't taken yet.
    private var start = 0

    /// Whether a part of a message waits for its rest.
    var hasPartialMessage: Bool { start < buffer.count }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        buffer.removeFirst(start)
        start = 0
        buffer.append(contentsOf: bytes)
    }

    /// The next message, if it is complete.
    ///
    /// - Throws: `AdapterError.malformed` when it can't be one, as soon as that shows.
    mutating func next() throws(AdapterError) -> EventStreamMessage? {
        guard buffer.count >= start + 4 else { return nil }
        let size = number(at: start)
        guard size <= Self.limit else { throw .malformed("a message of the stream is longer than \(Self.limit) bytes") }
        guard buffer.count >= start + Self.preludeSize else { return nil }
        try check(start..<start + Self.preludeSize)
        let headersSize = number(at: start + 4)
        guard size >= Self.preludeSize + headersSize + Self.checksumSize else {
            throw .malformed("a message of the stream is shorter than its headers")
        }
        guard buffer.count >= start + size else { return nil }
        try check(start..<start + size)
        let headersEnd = start + Self.preludeSize + headersSize
        let headers = try EventStreamMessage.headers(buffer[start + Self.preludeSize..<headersEnd])
        let end = start + size
        start = end
        return EventStreamMessage(headers: headers, payload: Array(buffer[headersEnd..<end - Self.checksumSize]))
    }

    /// Compares a checksum with what stands before it.
    private func check(_ range: Range<Int>) throws(AdapterError) {
        let position = range.upperBound - Self.checksumSize
        guard CRC32.checksum(buffer[range.lowerBound..<position]) == number(at: position) else {
            throw .malformed("a message of the stream doesn't have the checksum that it should have")
        }
    }

    private func number(at position: Int) -> Int { buffer[position..<position + 4].reduce(0) { $0 << 8 | Int($1) } }
}
