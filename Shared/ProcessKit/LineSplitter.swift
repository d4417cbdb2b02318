/// Splits a stream of bytes into lines of text.
struct LineSplitter {
    /// The maximum length of a line in bytes. Longer lines are split, so that a child that writes no line breaks can't exhaust our memory.
    static let limit = 64 * 1024

    private var rest: [UInt8] = []

    /// Adds bytes and returns the lines that they complete, without line breaks.
    ///
    /// Invalid UTF-8 is replaced with U+FFFD.
    mutating func lines(adding bytes: some Sequence<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                lines.append(take())
            } else {
                rest.append(byte)
                if rest.count == Self.limit { lines.append(take()) }
            }
        }
        return lines
    }

    /// Returns the last line if the stream ended without a line break.
    mutating func end() -> String? {
        rest.isEmpty ? nil : take()
    }

    private mutating func take() -> String {
        if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
        defer { rest.removeAll(keepingCapacity: true) }
        return String(decoding: rest, as: UTF8.self)
    }
}
