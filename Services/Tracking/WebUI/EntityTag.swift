/// The version of a file as HTTP names it (RFC 9110, section 8.8.3), quotes included.
struct EntityTag: Sendable, Hashable, CustomStringConvertible {
    let description: String

    /// A tag that is another one when the file's time, size or coding is.
    init(modified: Int64, size: Int64, coding: ContentCoding?) {
        description = "\"\(String(modified, radix: 36))-\(String(size, radix: 36))\(coding.map { "-\($0.rawValue)" } ?? "")\""
    }

    /// Whether the value of `If-None-Match` names this tag, by the weak comparison.
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
