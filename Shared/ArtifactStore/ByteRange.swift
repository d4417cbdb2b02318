/// A byte range as in HTTP's `Range: bytes=…` (RFC 9110, section 14.1.2).
package enum ByteRange: Sendable, Hashable {
    /// The bytes from `first` through `last`, or to the end of the file if `last` is `nil` or beyond it.
    case bytes(first: Int64, last: Int64?)
    /// The last `count` bytes, or the whole file if it is shorter.
    case suffix(count: Int64)

    /// The range in a file of `size` bytes; `nil` if it is outside the file.
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
