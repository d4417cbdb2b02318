internal import AdapterKit
internal import JSON

/// A push parser for streams of type `application/vnd.amazon.eventstream`. The input may be split anywhere.
///
/// A message consists of its total length, the length of its headers, a checksum of these two, the headers, the payload, and a checksum
/// of everything before it. Numbers are 32-bit big-endian. Format: Smithy's "Amazon Event Stream Specification".
struct EventStreamMessageParser {
    /// The maximum length of a message in bytes, so that an invalid length can't exhaust the memory.
    static let limit = 16 << 20

    private static let preludeSize = 12
    private static let checksumSize = 4

    private var buffer: [UInt8] = []
    /// The offset of the first message that was not returned yet.
    private var start = 0

    /// Whether the buffer contains an incomplete message.
    var hasPartialMessage: Bool { start < buffer.count }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        buffer.removeFirst(start)
        start = 0
        buffer.append(contentsOf: bytes)
    }

    /// The next message, if it is complete.
    ///
    /// - Throws: `AdapterError.malformed` as soon as the message is known to be invalid.
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

    /// Verifies the checksum at the end of a range.
    private func check(_ range: Range<Int>) throws(AdapterError) {
        let position = range.upperBound - Self.checksumSize
        guard CRC32.checksum(buffer[range.lowerBound..<position]) == number(at: position) else {
            throw .malformed("a message of the stream has a wrong checksum")
        }
    }

    private func number(at position: Int) -> Int { buffer[position..<position + 4].reduce(0) { $0 << 8 | Int($1) } }
}
