/// A duration in milliseconds, as traces store it. A `Duration` has 128 bits, and is slower to convert.
package struct Milliseconds: IntegerQuantity {
    package var rawValue: Int64

    package init(_ rawValue: Int64) { self.rawValue = rawValue }

    /// The time from one point to another; negative if the second is earlier.
    package init(from start: UnixMilliseconds, to end: UnixMilliseconds) {
        rawValue = end.rawValue.saturatingSubtract(start.rawValue)
    }
}
