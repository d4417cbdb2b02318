/// A part of a file, in the terms of HTTP's `Range: bytes=…` (RFC 9110, section 14.1.2).
package enum ByteRange: Sendable, Hashable {
    /// From the byte at `first` through the one at `last`, or to the end when `last` is nil or lies beyond it.
    case bytes(first: Int64, last: Int64?)
    /// The last `count` bytes, or the whole file when it is shorter.
    case suffix(count: Int64)

    /// The range in a file of `size` bytes; nil when it holds none of them.
    package func resolved(size: Int64) -> Range<Int64>? {
        switch self {
        case .bytes(let first, let last):
            guard first >= 0, first < size else { return nil }
            guard let last, last < size - 1 else { return first..<size }
            return last < first ? nil : first..<(last + 1)
        case .suffix(let count):
            guard count > 0, size > 0 else { return nil }
            return max(0, size - min(count, size))..<size
        }
    }

    /// The value of a `Range` header.
    var headerValue: String {
        switch self {
        case .bytes(let first, let last): "bytes=\(first)-\(last.map(String.init) ?? "")"
        case .suffix(let count): "bytes=-\(count)"
        }
    }
}
