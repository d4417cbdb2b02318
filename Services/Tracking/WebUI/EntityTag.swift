/// An HTTP entity tag (RFC 9110, section 8.8.3), including the quotes.
struct EntityTag: Sendable, Hashable, CustomStringConvertible {
    let description: String

    /// Creates a tag that differs whenever the file's time, size or coding does.
    init(modified: Int64, size: Int64, coding: ContentCoding?) {
        description = "\"\(String(modified, radix: 36))-\(String(size, radix: 36))\(coding.map { "-\($0.rawValue)" } ?? "")\""
    }

    /// Whether the value of `If-None-Match` contains this tag, by weak comparison.
    func isNamed(in header: String) -> Bool {
        var rest = header.utf8[...]
        while true {
            rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: ",") }
            if rest.first == UInt8(ascii: "*") { return true }
            if rest.starts(with: "W/".utf8) { rest = rest.dropFirst(2) }
            guard rest.first == UInt8(ascii: "\""), let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\"")) else { return false }
            if rest[...end].elementsEqual(description.utf8) { return true }
            rest = rest[rest.index(after: end)...]
        }
    }
}
